package dev.arcticsynth.provider;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A failed call to a provider, classified by the reaction to it. Messages never hold keys, prompts
/// or answers.
public final class ProviderException extends RuntimeException {

  /// The code of every refusal of a file for its size, whatever the provider calls it: smaller
  /// files may be taken.
  public static final String FILE_TOO_LARGE = "file_too_large";

  /// The code of a success whose reply says nothing that can be used.
  public static final String UNUSABLE_REPLY = "unusable_reply";

  /// The code where a provider has no list to look into.
  public static final String NO_LIST = "no_list";

  /// Classes of failures by reaction.
  public enum Kind {
    /// Not done, for a temporary reason: retry later.
    TRANSIENT,
    /// Not done: the provider throttles or is at capacity; retry after [#retryAfter].
    THROTTLED,
    /// Not done: key, organisation, region. A person must act.
    DENIED,
    /// Not done: money or quota is used up. A person must act.
    EXHAUSTED,
    /// Not done, and the same call would be refused again.
    REJECTED,
    /// What the call is about does not exist.
    NOT_FOUND,
    /// Unknown whether it was done: the answer was lost, late or garbled.
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
