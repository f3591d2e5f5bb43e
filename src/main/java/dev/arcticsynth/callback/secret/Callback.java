package dev.arcticsynth.callback.secret;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A task's webhook. Created with the task; outlives it while a delivery is pending.
@Entity
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // Hibernate fills the fields
class Callback {

  /// Of its task, also when that is deleted.
  @Id private UUID id;

  private String url;
  private String host;
  private @Nullable Instant sharedUntil;

  protected Callback() {}

  UUID id() {
    return id;
  }

  /// The deployment's secrets, which signed so far, sign along until then.
  void shareUntil(Instant end) {
    sharedUntil = end;
  }

  Optional<Instant> sharedUntil() {
    return Optional.ofNullable(sharedUntil);
  }
}
