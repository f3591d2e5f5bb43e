package dev.arcticsynth.api.http;

import dev.arcticsynth.pipeline.body.BodyConfig;
import dev.arcticsynth.pipeline.body.BodyMemory;
import dev.arcticsynth.pipeline.body.PacedBody;
import dev.arcticsynth.pipeline.decode.BodyDecoder;
import dev.arcticsynth.pipeline.ingest.BodyTooLargeException;
import dev.arcticsynth.pipeline.ingest.IngestConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.Vertx;
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
  private final BodyConfig config;
  private final IngestConfig limits;

  RequestBodies(BodyMemory memory, BodyConfig config, IngestConfig limits) {
    this.memory = memory;
    this.config = config;
    this.limits = limits;
  }

  /// Request lines as they arrive. Fails at once where their Content-Length exceeds the limit.
  public Multi<Buffer> lines(HttpServerRequest request) {
    return stream(request, limits.maxBytes());
  }

  /// A whole JSON body, for as long as the work lasts.
  public <T> Uni<T> json(HttpServerRequest request, Function<byte[], Uni<T>> work) {
    int maxBytes = limits.maxJsonBytes();
    return whole(BodyDecoder.text(stream(request, maxBytes)), maxBytes, work);
  }

  /// A whole body as it is, for as long as the work lasts.
  public <T> Uni<T> whole(HttpServerRequest request, int maxBytes, Function<byte[], Uni<T>> work) {
    return whole(stream(request, maxBytes), maxBytes, work);
  }

  /// Its memory is counted as it arrives.
  private <T> Uni<T> whole(Multi<Buffer> body, int maxBytes, Function<byte[], Uni<T>> work) {
    return Uni.createFrom()
        .deferred(() -> {
          BodyMemory.Share share = memory.open();
          return read(body, maxBytes, share)
              .onCancellation()
              .invoke(share::close)
              .onFailure()
              .invoke(share::close)
              // The work may go on where its caller is gone.
              .chain(whole ->
                  Uni.createFrom()
                      .deferred(() -> work.apply(whole))
                      .onTermination()
                      .invoke(share::close)
                      .memoize()
                      .indefinitely());
        });
  }

  private static Uni<byte[]> read(Multi<Buffer> body, int maxBytes, BodyMemory.Share share) {
    var all = new WholeBody(maxBytes, share);
    return body.invoke(buffer -> all.add(buffer.getDelegate().getBytes()))
        .onItem()
        .ignoreAsUni()
        .map(done -> all.bytes());
  }

  private Multi<Buffer> stream(HttpServerRequest request, long maxBytes) {
    @Nullable String announced = request.getHeader("Content-Length");
    if (announced != null && Long.parseLong(announced) > maxBytes) {
      return Multi.createFrom().failure(new BodyTooLargeException(maxBytes));
    }
    return Multi.createFrom()
        .deferred(() ->
            // A connection that is closed already fires no close event.
            request.response().closed()
                ? Multi.createFrom().failure(() -> new HttpClosedException("The caller is gone"))
                : paced(request));
  }

  private Multi<Buffer> paced(HttpServerRequest request) {
    var body = new PacedBody(request, Vertx.currentContext().owner(), config);
    return MultiHelper.toMulti(body).map(Buffer::newInstance).onTermination().invoke(body::end);
  }
}
