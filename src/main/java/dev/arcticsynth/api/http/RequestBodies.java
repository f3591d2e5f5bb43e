package dev.arcticsynth.api.http;

import dev.arcticsynth.pipeline.body.BodyMemory;
import dev.arcticsynth.pipeline.ingest.BodyTooLargeException;
import dev.arcticsynth.pipeline.ingest.IngestConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The body of a call as a stream with back-pressure, or whole where it is small.
@ApplicationScoped
public class RequestBodies {

  private final BodyMemory memory;
  private final IngestConfig limits;

  RequestBodies(BodyMemory memory, IngestConfig limits) {
    this.memory = memory;
    this.limits = limits;
  }

  /// Request lines as they arrive. Fails at once where their Content-Length exceeds the limit.
  public Multi<Buffer> lines(HttpServerRequest request) {
    return stream(request, limits.maxBytes());
  }

  /// A whole JSON body, for as long as the work lasts.
  public <T> Uni<T> json(HttpServerRequest request, Function<byte[], Uni<T>> work) {
    return whole(request, limits.maxJsonBytes(), work);
  }

  /// A whole body, for as long as the work lasts. Its memory is counted as it arrives.
  public <T> Uni<T> whole(HttpServerRequest request, int maxBytes, Function<byte[], Uni<T>> work) {
    return Uni.createFrom()
        .deferred(() -> {
          BodyMemory.Share share = memory.open();
          return read(request, maxBytes, share)
              .onCancellation()
              .invoke(share::close)
              .onFailure()
              .invoke(share::close)
              // The work may go on where its caller is gone.
              .chain(body ->
                  Uni.createFrom()
                      .deferred(() -> work.apply(body))
                      .onTermination()
                      .invoke(share::close)
                      .memoize()
                      .indefinitely());
        });
  }

  private static Uni<byte[]> read(HttpServerRequest request, int maxBytes, BodyMemory.Share share) {
    var all = new WholeBody(maxBytes, share);
    return stream(request, maxBytes)
        .invoke(buffer -> all.add(buffer.getDelegate().getBytes()))
        .onItem()
        .ignoreAsUni()
        .map(done -> all.bytes());
  }

  private static Multi<Buffer> stream(HttpServerRequest request, long maxBytes) {
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
}
