package dev.arcticsynth.provider.openai;

import dev.arcticsynth.failpoint.Failpoint;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One call to the provider, and what its failures mean.
///
/// @param what the call and the id that it is about, for messages
/// @param isRepeatable doing it twice does no harm, so that a lost answer is only a lost answer
/// @param clock tells the wait until a date
/// @param credentials what it is sent with
record Call(String what, boolean isRepeatable, InstantSource clock, Credentials credentials) {

  Call(String what, boolean isRepeatable, InstantSource clock) {
    this(what, isRepeatable, clock, Credentials.fixed(Map.of()));
  }

  /// Where a test may strike. Named by the first word: `provider.create.before-send`.
  void passes(String place) {
    if (Failpoint.isOn()) {
      Failpoint.hit("provider." + what.split(" ", 2)[0], place);
    }
  }

  /// Nothing came back that says what became of the call.
  ProviderException lost(Throwable failure) {
    if (failure instanceof ProviderException known) {
      return known;
    }
    Kind kind = neverLeft(failure) ? Kind.TRANSIENT : undecided();
    return new ProviderException(
        kind, what + ": " + PlainText.of(reason(failure)), null, null, null, failure);
  }

  /// An answer came, and it is not the one that was asked for.
  ProviderException refused(Reply reply) {
    return failure(kindOf(reply), reply, PlainText.of(reply.error().message()));
  }

  /// It was refused for credentials that have been replaced since, so it was not done.
  ProviderException refusedForNow(Reply reply) {
    return failure(Kind.TRANSIENT, reply, PlainText.of(reply.error().message()));
  }

  /// The status says yes and the content does not.
  ProviderException garbled(Reply reply, String why) {
    return failure(undecided(), reply, why);
  }

  private Kind kindOf(Reply reply) {
    WireError error = reply.error();
    return switch (reply.status()) {
      case 401, 403 -> error.isOutOfMoney() ? Kind.EXHAUSTED : Kind.DENIED;
      case 402 -> Kind.EXHAUSTED;
      case 429 -> error.isOutOfMoney() ? Kind.EXHAUSTED : Kind.THROTTLED;
      case 404 -> isRepeatable ? missing(reply) : refusal(error);
      case 400, 413, 415, 422 -> refusal(error);
      default -> mayPass(reply.status()) ? undecided() : Kind.REJECTED;
    };
  }

  private static Kind missing(Reply reply) {
    return reply.isNotFound() ? Kind.NOT_FOUND : Kind.TRANSIENT;
  }

  /// The provider itself says no; a page of a gateway says nothing about a create.
  private Kind refusal(WireError error) {
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

  /// Statuses that another try may change. For a create that is every one that proves nothing.
  private boolean mayPass(int status) {
    return switch (status) {
      case 408, 409, 425 -> true;
      default -> !isRepeatable || status < 300 || status >= 500;
    };
  }

  private Kind undecided() {
    return isRepeatable ? Kind.TRANSIENT : Kind.UNKNOWN;
  }

  private ProviderException failure(Kind kind, Reply reply, String why) {
    String code = PlainText.of(reply.error().word());
    StringBuilder message = new StringBuilder(what).append(": HTTP ").append(reply.status());
    if (!code.isEmpty()) {
      message.append(' ').append(code);
    }
    if (!why.isEmpty()) {
      message.append(": ").append(why);
    }
    String requestId = reply.requestId() == null ? null : PlainText.of(reply.requestId());
    if (requestId != null) {
      message.append(" (request id ").append(requestId).append(')');
    }
    Duration wait = reply.retryAfter(clock.instant()).orElse(null);
    return new ProviderException(
        kind, message.toString(), wait, code.isEmpty() ? null : code, requestId, null);
  }

  /// No connection came about, so no byte of the call has left us.
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
