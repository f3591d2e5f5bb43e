package dev.arcticsynth.provider;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call to a provider that did not give what was asked for, sorted by what can be done about it.
/// Messages never hold keys, prompts or answers.
public final class ProviderException extends RuntimeException {

  /// What can be done.
  public enum Kind {
    /// Not done, for a passing reason: try later.
    TRANSIENT,
    /// Not done: the provider wants fewer calls or has no room; try after [#retryAfter].
    THROTTLED,
    /// Not done: key, organisation, region. A person must act.
    DENIED,
    /// Not done: money or quota is used up. A person must act.
    EXHAUSTED,
    /// Not done, and the same call would be refused again.
    REJECTED,
    /// What the call is about does not exist.
    NOT_FOUND,
    /// Nobody can say whether it was done: the answer was lost, late or garbled.
    UNKNOWN
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;
  private final @Nullable String code;
  private final @Nullable String requestId;

  public ProviderException(Kind kind, String message) {
    this(kind, message, null, null, null, null);
  }

  public ProviderException(
      Kind kind,
      String message,
      @Nullable Duration retryAfter,
      @Nullable String code,
      @Nullable String requestId,
      @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
    this.code = code;
    this.requestId = requestId;
  }

  public Kind kind() {
    return kind;
  }

  /// How long the provider asks us to wait.
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /// The provider's own code, `rate_limit_exceeded`.
  public Optional<String> code() {
    return Optional.ofNullable(code);
  }

  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }
}
