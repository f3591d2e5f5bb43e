package dev.arcticsynth.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionTest {

  private static final Vertx VERTX = Vertx.vertx();

  @AfterAll
  static void close() {
    VERTX.closeAndAwait();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~|NONE",
        "identity|NONE",
        "gzip|GZIP",
        "GZip|GZIP",
        "deflate, gzip;q=0.5|GZIP",
        "gzip;q=0|NONE",
        "gzip; q=0.000|NONE",
        "gzip ;q=0.001|GZIP",
        "zstd|ZSTD",
        "gzip, zstd|ZSTD",
        "gzip, zstd;q=0|GZIP",
        "br|NONE",
        "xgzip|NONE",
        "gzip2|NONE",
        "*|NONE",
        ";|NONE",
        ",;,,gzip|GZIP",
        "; ;q=1|NONE",
        "gzip;|GZIP",
      })
  void the_caller_says_what_it_can_read(String accepted, Compression expected) {
    // When
    Compression chosen = Compression.of(accepted);

    // Then
    assertThat(chosen).isEqualTo(expected);
  }

  @Test
  void gzip_is_one_member_whatever_the_batches_are() throws Exception {
    for (long seed = 0; seed < 60; seed++) {
      // Given
      List<byte[]> batches = batches(new Random(seed));

      // When
      byte[] packed = packed(Compression.GZIP, batches);

      // Then
      assertThat(new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes())
          .as("seed %d", seed)
          .isEqualTo(together(batches));
      assertThat(onlyMember(packed)).isEqualTo(together(batches));
    }
  }

  @Test
  void zstd_is_one_frame_whatever_the_batches_are() throws IOException {
    for (long seed = 0; seed < 60; seed++) {
      // Given
      List<byte[]> batches = batches(new Random(seed));

      // When
      byte[] packed = packed(Compression.ZSTD, batches);

      // Then (a reader that is not continuous stops behind the first frame)
      try (var reader =
          new ZstdInputStream(new ByteArrayInputStream(packed)).setContinuous(false)) {
        assertThat(reader.readAllBytes()).as("seed %d", seed).isEqualTo(together(batches));
      }
      assertThat(frames(packed)).isEqualTo(1);
    }
  }

  @Test
  void what_is_not_compressed_is_what_it_was() {
    // Given
    List<byte[]> batches = batches(new Random(1));

    // When
    byte[] same = packed(Compression.NONE, batches);

    // Then
    assertThat(same).isEqualTo(together(batches));
  }

  @Test
  void a_batch_can_be_read_before_the_next_one_is_there() throws IOException {
    // Given
    byte[] batch = "a line\n".getBytes(UTF_8);
    var later = Multi.createFrom().<byte[]>nothing();
    var stream = Multi.createBy().concatenating().streams(Multi.createFrom().item(batch), later);

    // When
    byte[] first =
        Compression.GZIP
            .apply(stream, VERTX)
            .filter(bytes -> bytes.length > 0)
            .toUni()
            .await()
            .indefinitely();

    // Then
    byte[] read = new byte[batch.length];
    assertThat(
            new GZIPInputStream(new ByteArrayInputStream(first)).readNBytes(read, 0, read.length))
        .isEqualTo(batch.length);
    assertThat(read).isEqualTo(batch);
  }

  private static List<byte[]> batches(Random random) {
    var batches = new ArrayList<byte[]>();
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      byte[] batch = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(200_000)];
      for (int at = 0; at < batch.length; at++) {
        batch[at] = (byte) ('a' + random.nextInt(4));
      }
      batches.add(batch);
    }
    return batches;
  }

  private static byte[] packed(Compression compression, List<byte[]> batches) {
    return together(
        compression
            .apply(Multi.createFrom().iterable(batches), VERTX)
            .collect()
            .asList()
            .await()
            .indefinitely());
  }

  private static byte[] together(List<byte[]> parts) {
    var all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  /// What a reader gets that knows of no second member: ten bytes of head, eight of checks behind.
  private static byte[] onlyMember(byte[] packed) throws Exception {
    var inflater = new Inflater(true);
    inflater.setInput(packed, 10, packed.length - 10);
    var out = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 * 1024];
    while (!inflater.finished()) {
      out.write(buffer, 0, inflater.inflate(buffer));
    }
    assertThat(inflater.getRemaining()).as("bytes behind the first member").isEqualTo(8);
    var crc = new CRC32();
    crc.update(out.toByteArray());
    assertThat(crc.getValue())
        .isEqualTo(
            Integer.toUnsignedLong(
                Integer.reverseBytes(
                    java.nio.ByteBuffer.wrap(packed, packed.length - 8, 4).getInt())));
    inflater.end();
    return out.toByteArray();
  }

  private static int frames(byte[] packed) {
    int frames = 0;
    for (int at = 0; at < packed.length; frames++) {
      long size =
          com.github.luben.zstd.Zstd.findFrameCompressedSize(packed, at, packed.length - at);
      assertThat(size).isPositive();
      at += (int) size;
    }
    return frames;
  }
}
