package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.task.lease.Claim;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The rows that this process holds, whose leases are renewed.
@ApplicationScoped
public class HeldLeases {

  private final Set<Claim> held = ConcurrentHashMap.newKeySet();

  public void hold(Claim claim) {
    held.add(claim);
  }

  public void letGo(Claim claim) {
    held.remove(claim);
  }

  public Set<Claim> held() {
    return Set.copyOf(held);
  }
}
