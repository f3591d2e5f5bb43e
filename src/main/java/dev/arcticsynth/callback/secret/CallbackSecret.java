package dev.arcticsynth.callback.secret;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A task's own secret, sealed. The current one has no end; one that was replaced also signs for a
/// while.
@Entity
@IdClass(CallbackSecret.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class CallbackSecret {

  @Id private UUID callbackId;
  @Id private int n;
  private byte[] sealed;
  private @Nullable Instant validUntil;

  protected CallbackSecret() {}

  CallbackSecret(UUID callbackId, int n, byte[] sealed) {
    this.callbackId = callbackId;
    this.n = n;
    this.sealed = sealed;
  }

  void retire(Instant end) {
    validUntil = end;
  }

  boolean isCurrent() {
    return validUntil == null;
  }

  boolean isValid(Instant now) {
    return validUntil == null || now.isBefore(validUntil);
  }

  int n() {
    return n;
  }

  byte[] sealed() {
    return sealed;
  }

  @Override
  public String toString() {
    return "CallbackSecret[callbackId=%s, n=%d]".formatted(callbackId, n);
  }

  /// The primary key.
  static final class Key implements Serializable {
    private @Nullable UUID callbackId;
    private int n;

    protected Key() {}

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && n == key.n && Objects.equals(callbackId, key.callbackId);
    }

    @Override
    public int hashCode() {
      return Objects.hash(callbackId, n);
    }
  }
}
