package dev.arcticsynth.pipeline;

import dev.arcticsynth.task.Claim;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The rows that this process holds, whose leases are renewed.
@ApplicationScoped
class Leases {

  private final Set<Claim> held = ConcurrentHashMap.newKeySet();

  void hold(Claim claim) {
    held.add(claim);
  }

  void letGo(Claim claim) {
    held.remove(claim);
  }

  Set<Claim> held() {
    return Set.copyOf(held);
  }
}
