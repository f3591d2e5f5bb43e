package dev.arcticsynth.pipeline;

import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Rows whose steps lost the database. They are released as soon as it answers, instead of when
/// their leases run out.
@ApplicationScoped
class CutOffRows {

  private final Claims claims;
  private final Set<UUID> tokens = ConcurrentHashMap.newKeySet();

  CutOffRows(Claims claims) {
    this.claims = claims;
  }

  void add(Claim claim) {
    tokens.add(claim.token());
  }

  /// Fails where the database is still away; the rows are kept for the next call then.
  Uni<Void> release() {
    var cutOff = List.copyOf(tokens);
    return cutOff.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims.release(cutOff).invoke(() -> tokens.removeAll(cutOff));
  }
}
