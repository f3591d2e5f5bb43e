package dev.arcticsynth.api.access;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.Context;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls that cannot be read at all, whose answers the server would send with an empty body before
/// any route runs. The framework makes the server, and gives no place to set its handlers; a tracer
/// is handed each call right before its handler is looked up.
@ApplicationScoped
class MalformedCalls implements VertxOptionsCustomizer {

  @Override
  public void accept(VertxOptions options) {
    options.setTracingOptions(new TracingOptions().setFactory(made -> new Tracer()));
  }

  private static final class Tracer implements VertxTracer<Void, Void> {
    @Override
    public <R> @Nullable Void receiveRequest(
        Context context,
        SpanKind kind,
        TracingPolicy policy,
        R request,
        String operation,
        Iterable<Map.Entry<String, String>> headers,
        TagExtractor<R> tagExtractor) {
      if (request instanceof HttpServerRequest call
          && call.connection() instanceof HttpServerConnection connection) {
        var unused = connection.invalidRequestHandler(MalformedCalls::answer);
        if (call.decoderResult().isSuccess() && !isUri(call.uri())) {
          // The connection is closed behind the answer, so that no other call meets this handler.
          var alsoUnused = connection.handler(MalformedCalls::answer);
        }
      }
      return null;
    }
  }

  private static boolean isUri(@Nullable String text) {
    try {
      return text != null && !new URI(text).toString().isEmpty();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void answer(HttpServerRequest call) {
    refusal(call.decoderResult().cause()).answer(call);
    call.response().close();
  }

  private static Refusal refusal(@Nullable Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Refusal.target("The target of the call is longer than the limit.");
    }
    return cause instanceof TooLongHttpHeaderException
        ? Refusal.headers("The headers of the call are longer than the limit.")
        : Refusal.malformed(
            cause == null
                ? "The target of the call is no URI."
                : "The head of the call is no HTTP.");
  }
}
