package dev.arcticsynth.task;

import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The row's lease: its owner and its end (`Claims`).
@MappedSuperclass
@SuppressWarnings("UnusedVariable") // Hibernate reads and fills the fields
abstract class LeaseColumns {

  private @Nullable UUID leaseToken;
  private @Nullable String leaseOwner;
  private @Nullable Instant leaseUntil;

  boolean isLeased() {
    return leaseToken != null;
  }

  /// The lease ends with its step; the next step claims the row again.
  void release() {
    leaseToken = null;
    leaseOwner = null;
    leaseUntil = null;
  }

  /// The step keeps the lease.
  void keepUntil(Instant until) {
    if (leaseUntil == null || leaseUntil.isBefore(until)) {
      leaseUntil = until;
    }
  }
}
