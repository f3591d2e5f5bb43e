package dev.arcticsynth.api.http;

import dev.arcticsynth.pipeline.ingest.BodyTooLargeException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// The body of a call as a stream with back-pressure, or whole where it is small.
public final class RequestBodies {
  private RequestBodies() {}

  /// The body as it arrives. Fails at once where its Content-Length exceeds the limit.
  public static Multi<Buffer> stream(HttpServerRequest request, long maxBytes) {
    @Nullable String announced = request.getHeader("Content-Length");
    if (announced != null && Long.parseLong(announced) > maxBytes) {
      return Multi.createFrom().failure(new BodyTooLargeException(maxBytes));
    }
    return Multi.createFrom()
        .deferred(() ->
            // A connection that is closed already fires no close event.
            request.response().closed()
                ? Multi.createFrom().failure(() -> new HttpClosedException("The caller is gone"))
                : new io.vertx.mutiny.core.http.HttpServerRequest(request).toMulti());
  }

  /// The whole body, in memory.
  public static Uni<byte[]> whole(HttpServerRequest request, int maxBytes) {
    var all = Buffer.buffer();
    return stream(request, maxBytes)
        .invoke(buffer -> {
          if (all.length() + buffer.length() > maxBytes) {
            throw new BodyTooLargeException(maxBytes);
          }
          all.appendBuffer(buffer);
        })
        .onItem()
        .ignoreAsUni()
        .map(done -> all.getBytes());
  }
}
