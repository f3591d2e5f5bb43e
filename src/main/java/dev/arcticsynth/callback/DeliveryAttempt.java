package dev.arcticsynth.callback;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One try to deliver, and what came of it.
@Entity
@IdClass(DeliveryAttempt.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
public class DeliveryAttempt {

  @Id private UUID deliveryId;
  @Id private int n;
  private Instant at;
  private int latencyMs;
  private @Nullable Integer status;

  @Enumerated(EnumType.STRING)
  private @Nullable Trouble trouble;

  private @Nullable String answer;

  protected DeliveryAttempt() {}

  DeliveryAttempt(Delivery delivery, Outcome outcome, Instant at) {
    this.deliveryId = delivery.id();
    this.n = delivery.attempts();
    this.at = at;
    this.latencyMs = (int) Math.min(Integer.MAX_VALUE, outcome.latency().toMillis());
    this.status = outcome.status().isPresent() ? outcome.status().getAsInt() : null;
    this.trouble = outcome.trouble().orElse(null);
    this.answer = outcome.answer().isEmpty() ? null : outcome.answer();
  }

  public UUID deliveryId() {
    return deliveryId;
  }

  /// From 1, over all redeliveries.
  public int n() {
    return n;
  }

  /// When it was over.
  public Instant at() {
    return at;
  }

  public Duration latency() {
    return Duration.ofMillis(latencyMs);
  }

  public OptionalInt status() {
    return status == null ? OptionalInt.empty() : OptionalInt.of(status);
  }

  public Optional<Trouble> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// The beginning of what the receiver said.
  public Optional<String> answer() {
    return Optional.ofNullable(answer);
  }

  /// The primary key.
  static final class Key implements Serializable {
    private @Nullable UUID deliveryId;
    private int n;

    protected Key() {}

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && n == key.n && Objects.equals(deliveryId, key.deliveryId);
    }

    @Override
    public int hashCode() {
      return Objects.hash(deliveryId, n);
    }
  }
}
