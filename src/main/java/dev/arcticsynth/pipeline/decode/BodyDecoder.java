package dev.arcticsynth.pipeline.decode;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads bodies as people have them: compressed with gzip, in UTF-16, or as one JSON array instead
/// of lines. What a body is, is read from its first bytes and not from a header or a file's name.
/// Plain lines pass untouched.
///
/// Output is made on demand, some kilobytes at a time, whatever a compressed body expands to.
/// Everything fails with [UnreadableBodyException].
public final class BodyDecoder {

  private static final int TURN = 1 << 20;

  private BodyDecoder() {}

  /// Request lines.
  public static Multi<Buffer> lines(Multi<Buffer> body) {
    return through(new ArrayLines(), text(body));
  }

  /// JSON or lines, in UTF-8.
  public static Multi<Buffer> text(Multi<Buffer> body) {
    return through(new Utf16Text(), inTurns(through(new GzipBytes(), body)));
  }

  /// Little that is compressed can become very much: after about a MiB the event loop may do
  /// something else.
  private static Multi<Buffer> inTurns(Multi<Buffer> body) {
    var since = new AtomicInteger();
    return body.onItem()
        .transformToUniAndConcatenate(buffer ->
            since.addAndGet(buffer.length()) < TURN
                ? Uni.createFrom().item(buffer)
                : Uni.createFrom()
                    .emitter(emitter ->
                        later(() -> {
                          since.set(0);
                          emitter.complete(buffer);
                        })));
  }

  private static void later(Runnable work) {
    Context context = Vertx.currentContext();
    if (context == null) {
      work.run();
    } else {
      context.runOnContext(ready -> work.run());
    }
  }

  private static Multi<Buffer> through(Stage stage, Multi<Buffer> body) {
    return Multi.createBy()
        .concatenating()
        .streams(
            body.onItem()
                .transformToMultiAndConcatenate(
                    buffer -> Multi.createFrom().iterable(stage.add(buffer))),
            Multi.createFrom().deferred(() -> Multi.createFrom().iterable(stage.end())))
        .onTermination()
        .invoke(stage::close);
  }

  /// One step of reading; an instance reads one body, in order.
  abstract static class Stage {

    private enum Kind {
      UNKNOWN,
      OTHER,
      MINE
    }

    private Kind kind = Kind.UNKNOWN;
    private Buffer head = Buffer.buffer();

    /// Whether this stage has something to do, or -1 when more must be seen.
    abstract int isMine(Buffer head);

    /// What is made of some bytes; made while it is iterated.
    abstract Iterable<Buffer> decode(byte[] bytes);

    /// At the end of a body that was decoded.
    abstract Iterable<Buffer> finish();

    /// No more is read, to the end or not.
    void close() {}

    final Iterable<Buffer> add(Buffer buffer) {
      if (kind == Kind.UNKNOWN) {
        head = head.length() == 0 ? buffer : head.appendBuffer(buffer);
        int found = isMine(head);
        return found < 0 ? List.of() : decided(found > 0);
      }
      return kind == Kind.MINE ? decode(buffer.getBytes()) : List.of(buffer);
    }

    final Iterable<Buffer> end() {
      return switch (kind) {
        case UNKNOWN -> head.length() == 0 ? List.of() : decided(false);
        case OTHER -> List.of();
        case MINE -> finish();
      };
    }

    private Iterable<Buffer> decided(boolean mine) {
      kind = mine ? Kind.MINE : Kind.OTHER;
      Buffer first = head;
      head = Buffer.buffer();
      return mine ? decode(first.getBytes()) : List.of(first);
    }
  }
}
