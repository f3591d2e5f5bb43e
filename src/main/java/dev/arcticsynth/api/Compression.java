package dev.arcticsynth.api;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// How a stream of results is compressed. Batches become members (gzip, RFC 1952 §2.2) or frames
/// (zstd, RFC 8878 §3) of their own: both formats are defined to be concatenated.
enum Compression {
  NONE,
  GZIP,
  ZSTD;

  static Compression of(String accepted) {
    String wanted = accepted.toLowerCase(Locale.ROOT);
    if (accepts(wanted, "zstd")) {
      return ZSTD;
    }
    return accepts(wanted, "gzip") ? GZIP : NONE;
  }

  private static boolean accepts(String accepted, String coding) {
    for (String part : accepted.split(",")) {
      String[] words = part.strip().split(";");
      if (words[0].strip().equals(coding)) {
        return words.length < 2 || !words[1].strip().matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  Optional<String> encoding() {
    return switch (this) {
      case NONE -> Optional.empty();
      case GZIP -> Optional.of("gzip");
      case ZSTD -> Optional.of("zstd");
    };
  }

  byte[] frame(byte[] batch) throws IOException {
    return switch (this) {
      case NONE -> batch;
      case ZSTD -> Zstd.compress(batch, 1);
      case GZIP -> {
        var out = new ByteArrayOutputStream(batch.length / 2);
        try (var gzip = new GZIPOutputStream(out, 64 * 1024)) {
          gzip.write(batch);
        }
        yield out.toByteArray();
      }
    };
  }
}
