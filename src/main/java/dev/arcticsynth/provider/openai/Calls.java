package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Makes calls on the control plane: with a limit, and again only where that does no harm.
record Calls(InstantSource clock, Credentials credentials) {

  static final Duration LIMIT = Duration.ofSeconds(20);

  /// All tries of a read together.
  private static final Duration READ_LIMIT = Duration.ofSeconds(60);

  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final int RETRIES = 3;

  Call once(String what) {
    return new Call(what, false, clock, credentials);
  }

  Call repeatable(String what) {
    return new Call(what, true, clock, credentials);
  }

  /// One call that changes nothing: what passes by itself is tried again.
  static Uni<Reply> read(Call call, Supplier<Uni<RestResponse<String>>> request) {
    return send(call, LIMIT, request)
        .invoke(reply -> {
          if (reply.status() >= 500) {
            throw call.refused(reply);
          }
        })
        .onFailure(Calls::isTransient)
        .retry()
        .withBackOff(FIRST_RETRY)
        .atMost(RETRIES)
        .ifNoItem()
        .after(READ_LIMIT)
        .fail()
        .onFailure()
        .transform(call::lost);
  }

  static Uni<Reply> send(Call call, Duration limit, Supplier<Uni<RestResponse<String>>> request) {
    return withCredentials(
        call,
        () ->
            Uni.createFrom()
                .deferred(() -> {
                  call.passes(".before-send");
                  return request.get();
                })
                .map(Calls::reply)
                .invoke(() -> call.passes(".after-reply"))
                .ifNoItem()
                .after(limit)
                .fail()
                .onFailure()
                .transform(call::lost));
  }

  /// Gets credentials first. Where they are refused and others can be had, a call that may be
  /// repeated is; one that may not be fails in a way that says that it was not done.
  static Uni<Reply> withCredentials(Call call, Supplier<Uni<Reply>> request) {
    return call.credentials()
        .prepare()
        .map(_ -> call.credentials().headers())
        .chain(sent ->
            request
                .get()
                .chain(reply ->
                    reply.status() == 401 && call.credentials().mayRenew(sent)
                        ? again(call, reply, request)
                        : Uni.createFrom().item(reply)));
  }

  private static Uni<Reply> again(Call call, Reply refusal, Supplier<Uni<Reply>> request) {
    return call.isRepeatable()
        ? call.credentials().prepare().chain(request::get)
        : Uni.createFrom().failure(call.refusedForNow(refusal));
  }

  static Reply success(Call call, Reply reply) {
    if (!reply.isSuccess()) {
      throw call.refused(reply);
    }
    return reply;
  }

  /// Limits and retries go off on threads of their own, and the database sessions of our callers
  /// live on a context.
  static <T extends @Nullable Object> Uni<T> onCallersContext(Uni<T> uni) {
    return Uni.createFrom()
        .deferred(() -> {
          @Nullable Context context = Vertx.currentContext();
          return context == null ? uni : uni.emitOn(task -> context.runOnContext(_ -> task.run()));
        });
  }

  private static Reply reply(RestResponse<?> response) {
    return Reply.of(response.getStatus(), text(response.getEntity()), response::getHeaderString);
  }

  /// The client makes a text of what comes with a 2xx, and leaves the rest as bytes in memory.
  private static @Nullable String text(@Nullable Object entity) {
    if (entity instanceof InputStream bytes) {
      try (bytes) {
        return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return entity == null ? null : entity.toString();
  }

  private static boolean isTransient(Throwable failure) {
    return failure instanceof ProviderException known && known.kind() == Kind.TRANSIENT;
  }
}
