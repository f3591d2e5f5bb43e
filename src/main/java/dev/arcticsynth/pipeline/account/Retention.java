package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.BatchAttempts;
import dev.arcticsynth.task.BatchAttempts.Remains;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Deletes the files of attempts that have been over for a while: what was sent, and the answers,
/// which we have.
@ApplicationScoped
class Retention {

  private static final Logger LOG = Logger.getLogger(Retention.class);
  private static final int PAGE = 100;
  private static final int SIDE_BY_SIDE = 4;

  private final BatchAttempts batchAttempts;
  private final AuditConfig config;
  private final InstantSource clock;

  Retention(BatchAttempts batchAttempts, AuditConfig config, InstantSource clock) {
    this.batchAttempts = batchAttempts;
    this.config = config;
    this.clock = clock;
  }

  /// Attempts with a file that could not be deleted are retried at the next audit.
  Uni<Void> run(Claim account, Provider provider) {
    return run(account, provider, Optional.empty());
  }

  private Uni<Void> run(Claim account, Provider provider, Optional<Remains> after) {
    return batchAttempts
        .expired(account, provider.name(), clock.instant().minus(config.keep()), after, PAGE)
        .chain(page ->
            clean(provider, page)
                .chain(() ->
                    page.size() < PAGE
                        ? Uni.createFrom().voidItem()
                        : run(account, provider, Optional.of(page.getLast()))));
  }

  private Uni<Void> clean(Provider provider, List<Remains> page) {
    return Multi.createFrom()
        .iterable(page)
        .onItem()
        .transformToUni(left -> delete(provider, left))
        .merge(SIDE_BY_SIDE)
        .collect()
        .asList()
        .map(all -> all.stream().flatMap(Optional::stream).toList())
        .chain(cleaned -> batchAttempts.cleaned(cleaned, clock.instant()));
  }

  /// Empty where one of them is there still.
  private static Uni<Optional<Remains>> delete(Provider provider, Remains left) {
    return Multi.createFrom()
        .iterable(left.files())
        .onItem()
        .transformToUniAndConcatenate(provider::delete)
        .onItem()
        .ignoreAsUni()
        .map(_ -> Optional.of(left))
        .onFailure()
        .invoke(failure ->
            LOG.warnf(
                "Files of a batch attempt not deleted, retried at the next audit: provider=%s partitionId=%s reason=%s",
                provider.name(), left.key().partition(), failure.getMessage()))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }
}
