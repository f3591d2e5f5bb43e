package dev.arcticsynth.api.http;

import com.github.luben.zstd.ZstdOutputStream;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// How a stream of results is compressed: one member or frame for the whole stream, flushed after
/// each batch. Several concatenated ones would be legal too, but many readers stop after the first.
public enum Compression {
  NONE,
  GZIP,
  ZSTD;

  public static Compression of(String accepted) {
    String wanted = accepted.toLowerCase(Locale.ROOT);
    if (accepts(wanted, "zstd")) {
      return ZSTD;
    }
    return accepts(wanted, "gzip") ? GZIP : NONE;
  }

  private static boolean accepts(String accepted, String coding) {
    for (String part : accepted.split(",")) {
      String[] words = part.strip().split(";", -1);
      if (words[0].strip().equals(coding)) {
        return words.length < 2 || !words[1].strip().matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  public Optional<String> encoding() {
    return switch (this) {
      case NONE -> Optional.empty();
      case GZIP -> Optional.of("gzip");
      case ZSTD -> Optional.of("zstd");
    };
  }

  /// The same bytes, compressed on worker threads on demand.
  public Multi<byte[]> apply(Multi<byte[]> batches, Vertx vertx) {
    if (this == NONE) {
      return batches;
    }
    return Multi.createFrom()
        .resource(
            this::open,
            stream ->
                Multi.createBy()
                    .concatenating()
                    .streams(
                        batches
                            .onItem()
                            .transformToUniAndConcatenate(
                                batch -> vertx.executeBlocking(() -> stream.add(batch), false)),
                        Multi.createFrom().deferred(() -> Multi.createFrom().item(stream.end()))))
        .withFinalizer(Stream::close);
  }

  private Stream open() {
    var out = new ByteArrayOutputStream(256 * 1024);
    try {
      return new Stream(out, this == GZIP ? new GZIPOutputStream(out, 64 * 1024, true) : zstd(out));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Writing to memory cannot fail", e);
    }
  }

  private static OutputStream zstd(OutputStream out) throws IOException {
    return new ZstdOutputStream(out, 1);
  }

  /// Takes bytes and returns the compressed bytes so far. One thread at a time.
  private record Stream(ByteArrayOutputStream out, OutputStream compressing) {
    byte[] add(byte[] batch) throws IOException {
      compressing.write(batch);
      compressing.flush();
      return take();
    }

    byte[] end() {
      close();
      return take();
    }

    void close() {
      try {
        compressing.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("Writing to memory cannot fail", e);
      }
    }

    private byte[] take() {
      byte[] bytes = out.toByteArray();
      out.reset();
      return bytes;
    }
  }
}
