package dev.arcticsynth.callback.delivery;

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

/// One attempt to deliver, and its outcome.
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
  private @Nullable DeliveryError trouble;

  private @Nullable String answer;

  protected DeliveryAttempt() {}

  DeliveryAttempt(Delivery delivery, DeliveryOutcome deliveryOutcome, Instant at) {
    this.deliveryId = delivery.id();
    this.n = delivery.attempts();
    this.at = at;
    this.latencyMs = (int) Math.min(Integer.MAX_VALUE, deliveryOutcome.latency().toMillis());
    this.status = deliveryOutcome.status().isPresent() ? deliveryOutcome.status().getAsInt() : null;
    this.trouble = deliveryOutcome.trouble().orElse(null);
    this.answer = deliveryOutcome.answer().isEmpty() ? null : deliveryOutcome.answer();
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

  public Optional<DeliveryError> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// The beginning of the receiver's response.
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
