package dev.arcticsynth.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.atomic.AtomicLong;

/// The measure for ingest: the same HTTP server, with the same settings, that only reads a body and
/// counts its lines. Started by `docs/bench/run`; ends with its process.
final class CountLines {
  private CountLines() {}

  public static void main(String... args) {
    var options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(Integer.parseInt(args[0]))
            .setMaxChunkSize(65_536);
    Vertx.vertx()
        .createHttpServer(options)
        .requestHandler(request -> {
          var lines = new AtomicLong();
          request.handler(buffer -> {
            byte[] bytes = buffer.getBytes();
            long count = 0;
            for (byte b : bytes) {
              if (b == '\n') {
                count++;
              }
            }
            lines.addAndGet(count);
          });
          request.endHandler(end -> request.response().end(lines + "\n"));
        })
        .listen()
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
