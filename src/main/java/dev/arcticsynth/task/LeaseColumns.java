package dev.arcticsynth.task;

import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which process has the row, and until when (`Claims`).
@MappedSuperclass
@SuppressWarnings("UnusedVariable") // Hibernate reads and fills the fields
abstract class LeaseColumns {

  private @Nullable UUID leaseToken;
  private @Nullable String leaseOwner;
  private @Nullable Instant leaseUntil;

  boolean isLeased() {
    return leaseToken != null;
  }

  /// The lease goes with the step that held it; the next step claims the row for itself.
  void release() {
    leaseToken = null;
    leaseOwner = null;
    leaseUntil = null;
  }

  /// The step that holds the lease goes on.
  void keepUntil(Instant until) {
    if (leaseUntil == null || leaseUntil.isBefore(until)) {
      leaseUntil = until;
    }
  }
}
