package dev.arcticsynth.provider.http;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes calls on the control plane: with a timeout, and with retries only where they are safe.
public record HttpCalls(InstantSource clock, HttpCredentials credentials) {

  public static final Duration LIMIT = Duration.ofSeconds(20);

  /// Time limit for all attempts of a read together.
  private static final Duration READ_LIMIT = Duration.ofSeconds(60);

  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final int RETRIES = 3;

  public HttpCall once(String what) {
    return new HttpCall(what, false, clock, credentials);
  }

  public HttpCall repeatable(String what) {
    return new HttpCall(what, true, clock, credentials);
  }

  /// A call that changes nothing: temporary failures are retried.
  public static Uni<HttpReply> read(HttpCall httpCall, Supplier<Uni<HttpReply>> request) {
    return send(httpCall, LIMIT, request)
        .invoke(httpReply -> {
          if (httpReply.status() >= 500 && httpReply.status() != 501) {
            throw httpCall.refused(httpReply);
          }
        })
        .onFailure(HttpCalls::isTransient)
        .retry()
        .withBackOff(FIRST_RETRY)
        .atMost(RETRIES)
        .ifNoItem()
        .after(READ_LIMIT)
        .fail()
        .onFailure()
        .transform(httpCall::lost);
  }

  public static Uni<HttpReply> send(
      HttpCall httpCall, Duration limit, Supplier<Uni<HttpReply>> request) {
    return withCredentials(
        httpCall,
        () ->
            Uni.createFrom()
                .deferred(() -> {
                  httpCall.passes(".before-send");
                  return request.get();
                })
                .invoke(() -> httpCall.passes(".after-reply"))
                .ifNoItem()
                .after(limit)
                .fail()
                .onFailure()
                .transform(httpCall::lost));
  }

  /// Gets credentials first. Where they are refused and can be renewed, a repeatable call is
  /// retried; any other fails as not done.
  public static Uni<HttpReply> withCredentials(
      HttpCall httpCall, Supplier<Uni<HttpReply>> request) {
    return httpCall
        .credentials()
        .prepare()
        .map(_ -> httpCall.credentials().headers())
        .chain(sent ->
            request
                .get()
                .chain(httpReply ->
                    httpReply.status() == 401 && httpCall.credentials().mayRenew(sent)
                        ? again(httpCall, httpReply, request)
                        : Uni.createFrom().item(httpReply)));
  }

  private static Uni<HttpReply> again(
      HttpCall httpCall, HttpReply refusal, Supplier<Uni<HttpReply>> request) {
    return httpCall.isRepeatable()
        ? httpCall.credentials().prepare().chain(request::get)
        : Uni.createFrom().failure(httpCall.refusedForNow(refusal));
  }

  public static HttpReply success(HttpCall httpCall, HttpReply httpReply) {
    if (!httpReply.isSuccess()) {
      throw httpCall.refused(httpReply);
    }
    return httpReply;
  }

  /// Timeouts and retries run on threads of their own, while the callers' database sessions belong
  /// to a context.
  public static <T extends @Nullable Object> Uni<T> onCallersContext(Uni<T> uni) {
    return Uni.createFrom()
        .deferred(() -> {
          @Nullable Context context = Vertx.currentContext();
          return context == null ? uni : uni.emitOn(task -> context.runOnContext(_ -> task.run()));
        });
  }

  private static boolean isTransient(Throwable failure) {
    return failure instanceof ProviderException known && known.kind() == Kind.TRANSIENT;
  }
}
