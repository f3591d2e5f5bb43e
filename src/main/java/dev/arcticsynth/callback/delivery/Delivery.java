package dev.arcticsynth.callback.delivery;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A webhook to a caller, from the end of its task until it is delivered or dead.
///
/// The row is written by the transaction that ends the task. What is sent is fixed by that: each
/// attempt sends the same bytes under the same id.
@Entity
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // Hibernate fills the fields
public class Delivery {

  private static final String PREFIX = "msg_";

  @Id private UUID id;
  private UUID callbackId;
  private int ending;
  private String event;
  private String url;
  private String host;

  @Column(updatable = false)
  private byte[] payload;

  @Enumerated(EnumType.STRING)
  private DeliveryState state;

  /// Attempts since it was made, or since it was last redelivered.
  @Column(name = "tries")
  private int recentAttempts;

  private int attempts;
  private Instant createdAt;
  private @Nullable Instant endedAt;
  private @Nullable Instant dueAt;
  private @Nullable UUID leaseToken;
  private @Nullable String leaseOwner;
  private @Nullable Instant leaseUntil;

  protected Delivery() {}

  /// Records the outcome of an attempt and ends the lease.
  ///
  /// @param pause until the next one; empty where there is none
  void apply(DeliveryOutcome deliveryOutcome, Optional<Duration> pause, Instant now) {
    attempts++;
    recentAttempts++;
    state =
        deliveryOutcome.isDelivered()
            ? DeliveryState.DELIVERED
            : pause.isPresent() ? DeliveryState.PENDING : DeliveryState.DEAD;
    dueAt = pause.map(now::plus).orElse(null);
    endedAt = isPending() ? null : now;
    release();
  }

  /// Nothing could be sent, for a reason on our side.
  void putOff(Instant until) {
    dueAt = until;
    release();
  }

  /// The caller redelivers it, with all attempts again. An attempt in flight is not disturbed.
  void redeliver(Instant now) {
    if (isPending() && leaseUntil != null && now.isBefore(leaseUntil)) {
      return;
    }
    state = DeliveryState.PENDING;
    recentAttempts = 0;
    dueAt = now;
    endedAt = null;
  }

  private void release() {
    leaseToken = null;
    leaseOwner = null;
    leaseUntil = null;
  }

  boolean isHeldBy(UUID token) {
    return token.equals(leaseToken);
  }

  boolean isPending() {
    return state == DeliveryState.PENDING;
  }

  /// The receiver's idempotency key: the same at each attempt.
  public String webhookId() {
    return PREFIX + id.toString().replace("-", "");
  }

  /// The row that a webhook id names, if any does.
  static Optional<UUID> idOf(String webhookId) {
    if (!webhookId.matches(PREFIX + "[0-9a-f]{32}")) {
      return Optional.empty();
    }
    String hex = webhookId.substring(PREFIX.length());
    return Optional.of(
        new UUID(
            Long.parseUnsignedLong(hex.substring(0, 16), 16),
            Long.parseUnsignedLong(hex.substring(16), 16)));
  }

  public UUID id() {
    return id;
  }

  UUID callbackId() {
    return callbackId;
  }

  /// Which completion of the task it reports, from 1: a task that is retried ends again.
  public int ending() {
    return ending;
  }

  public String event() {
    return event;
  }

  public String url() {
    return url;
  }

  public String host() {
    return host;
  }

  WebhookMessage message() {
    return new WebhookMessage(webhookId(), url, payload, recentAttempts);
  }

  public DeliveryState state() {
    return state;
  }

  /// Since it was made or asked for again.
  int recentAttempts() {
    return recentAttempts;
  }

  int attempts() {
    return attempts;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Optional<Instant> endedAt() {
    return Optional.ofNullable(endedAt);
  }

  public Optional<Instant> dueAt() {
    return Optional.ofNullable(dueAt);
  }

  @Override
  public String toString() {
    return "Delivery[id=%s, state=%s, host=%s]".formatted(id, state, host);
  }
}
