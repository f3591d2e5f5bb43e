package dev.arcticsynth.provider.http;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One call to the provider, and what its failures mean.
///
/// @param what the call and the id that it is about, for messages
/// @param isRepeatable doing it twice does no harm, so that a lost answer is only a lost answer
/// @param clock computes the wait until a date
/// @param credentials what it is sent with
public record HttpCall(
    String what, boolean isRepeatable, InstantSource clock, HttpCredentials credentials) {

  public HttpCall(String what, boolean isRepeatable, InstantSource clock) {
    this(what, isRepeatable, clock, HttpCredentials.fixed(Map.of()));
  }

  /// Failpoints, named by the first word: `provider.create.before-send`.
  public void passes(String place) {
    if (Failpoint.isOn()) {
      Failpoint.hit("provider." + what.split(" ", 2)[0], place);
    }
  }

  /// No answer shows the outcome of the call.
  ProviderException lost(Throwable failure) {
    if (failure instanceof ProviderException known) {
      return known;
    }
    Kind kind = neverLeft(failure) ? Kind.TRANSIENT : undecided();
    return new ProviderException(
        kind, what + ": " + LogSanitizer.of(reason(failure)), null, null, null, failure);
  }

  /// An answer came, and it is not a success.
  public ProviderException refused(HttpReply httpReply) {
    return failure(
        kindOf(httpReply),
        httpReply,
        httpReply
            .redirect()
            .map(HttpCall::moved)
            .orElseGet(() -> LogSanitizer.of(httpReply.error().message())));
  }

  private static String moved(URI address) {
    return "it redirects to %s, and that is not followed; if the API has moved there, correct the address in the provider's settings"
        .formatted(Origin.words(address));
  }

  /// Redirects were followed, and led to another one, too often.
  ProviderException circles(URI address) {
    return new ProviderException(
        isRepeatable ? Kind.REJECTED : Kind.UNKNOWN,
        "%s: redirected again and again, at last to %s".formatted(what, Origin.words(address)));
  }

  /// It was refused for credentials that have been replaced since, so it was not done.
  ProviderException refusedForNow(HttpReply httpReply) {
    return failure(Kind.TRANSIENT, httpReply, LogSanitizer.of(httpReply.error().message()));
  }

  /// The status is a success and the body does not fit.
  public ProviderException garbled(HttpReply httpReply, String why) {
    return failure(undecided(), httpReply, ProviderException.UNUSABLE_REPLY, why);
  }

  private Kind kindOf(HttpReply httpReply) {
    ErrorBody error = httpReply.error();
    return switch (httpReply.status()) {
      case 301, 302, 303 ->
          isRepeatable && isElsewhere(httpReply) ? Kind.DENIED : lastResort(httpReply.status());
      // They say that it was not done.
      case 307, 308 -> isElsewhere(httpReply) ? Kind.DENIED : lastResort(httpReply.status());
      // The proxy wants to know who we are.
      case 407 -> Kind.DENIED;
      case 401, 403 -> denied(error);
      case 402 -> Kind.EXHAUSTED;
      case 429 -> error.isOutOfMoney() ? Kind.EXHAUSTED : Kind.THROTTLED;
      case 404 -> isRepeatable ? missing(httpReply) : refusal(error);
      case 400, 413, 415, 422 -> refusal(error);
      default -> lastResort(httpReply.status());
    };
  }

  private Kind lastResort(int status) {
    return mayPass(status) ? undecided() : Kind.REJECTED;
  }

  /// The address in the settings is not the API's: a person must correct it.
  private static boolean isElsewhere(HttpReply httpReply) {
    return httpReply.redirect().isPresent();
  }

  /// The refusal of one model is the requests' that want it; the account may run others.
  private static Kind denied(ErrorBody error) {
    if (error.isOutOfMoney()) {
      return Kind.EXHAUSTED;
    }
    return error.isAboutAModel() ? Kind.REJECTED : Kind.DENIED;
  }

  private static Kind missing(HttpReply httpReply) {
    return httpReply.isNotFound() ? Kind.NOT_FOUND : Kind.TRANSIENT;
  }

  /// A refusal by the provider itself; a gateway's page proves nothing about a create.
  private Kind refusal(ErrorBody error) {
    if (!error.isPresent() && !isRepeatable) {
      return Kind.UNKNOWN;
    }
    if (error.isUnread()) {
      return Kind.TRANSIENT;
    }
    if (error.isCapacity()) {
      return Kind.THROTTLED;
    }
    return error.isOutOfMoney() ? Kind.EXHAUSTED : Kind.REJECTED;
  }

  /// Statuses that a retry may change. For a create that is every one that proves nothing.
  private boolean mayPass(int status) {
    return switch (status) {
      case 408, 409, 425 -> true;
      // There is no such call, and there will be none.
      case 501 -> !isRepeatable;
      default -> !isRepeatable || status < 300 || status >= 500;
    };
  }

  Kind undecided() {
    return isRepeatable ? Kind.TRANSIENT : Kind.UNKNOWN;
  }

  private ProviderException failure(Kind kind, HttpReply httpReply, String why) {
    ErrorBody error = httpReply.error();
    boolean isTooLarge = kind == Kind.REJECTED && (httpReply.status() == 413 || error.isTooLarge());
    return failure(
        kind,
        httpReply,
        isTooLarge ? ProviderException.FILE_TOO_LARGE : LogSanitizer.of(error.word()),
        why);
  }

  private ProviderException failure(Kind kind, HttpReply httpReply, String code, String why) {
    StringBuilder message = new StringBuilder(what).append(": HTTP ").append(httpReply.status());
    if (!code.isEmpty() && !code.equals(ProviderException.UNUSABLE_REPLY)) {
      message.append(' ').append(code);
    }
    if (!why.isEmpty()) {
      message.append(": ").append(why);
    }
    String requestId =
        httpReply.requestId() == null ? null : LogSanitizer.of(httpReply.requestId());
    if (requestId != null) {
      message.append(" (request id ").append(requestId).append(')');
    }
    Duration wait = httpReply.retryAfter(clock.instant()).orElse(null);
    return new ProviderException(
        kind, message.toString(), wait, code.isEmpty() ? null : code, requestId, null);
  }

  /// No connection was made, so no byte of the call was sent.
  private static boolean neverLeft(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof NoRouteToHostException) {
        return true;
      }
    }
    return false;
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      root = cause;
    }
    String message = root.getMessage();
    return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
  }
}
