package dev.arcticsynth.provider.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that are compressed without having been asked for so.
class ContentCodingTest {

  private static final HttpCall READ = new HttpCall("download", true, InstantSource.system());
  private static final HttpCall CREATE = new HttpCall("create", false, InstantSource.system());
  private static final byte[] TEXT = "{\"custom_id\":\"a\"}\n".repeat(20_000).getBytes(UTF_8);

  record Packed(String coding, byte[] bytes) {
    @Override
    public String toString() {
      return coding + " of " + bytes.length + " bytes";
    }
  }

  static Stream<Packed> packed() {
    byte[] half = Arrays.copyOf(TEXT, TEXT.length / 2);
    byte[] rest = Arrays.copyOfRange(TEXT, TEXT.length / 2, TEXT.length);
    return Stream.of(
        new Packed("gzip", gzip(TEXT)),
        new Packed("X-GZip", gzip(TEXT)),
        new Packed("gzip", joined(gzip(half), gzip(rest))),
        new Packed("gzip", joined(gzip(TEXT), new byte[7])),
        new Packed("gzip", withNameAndComment(gzip(TEXT))),
        new Packed("deflate", deflate(TEXT, false)),
        new Packed("deflate", deflate(TEXT, true)),
        new Packed("deflate, gzip", gzip(deflate(TEXT, false))),
        new Packed("identity", TEXT),
        new Packed("", TEXT));
  }

  @ParameterizedTest
  @MethodSource("packed")
  void a_body_is_unpacked_wherever_it_is_cut_into_parts(Packed packed) {
    // When
    byte[] whole = decoded(READ, packed.coding(), Multi.createFrom().item(packed.bytes()));
    byte[] inParts =
        decoded(
            READ,
            packed.coding(),
            Multi.createFrom()
                .range(0, packed.bytes().length)
                .map(at -> new byte[] {packed.bytes()[at]}));
    // Then
    assertThat(whole).isEqualTo(TEXT);
    assertThat(inParts).isEqualTo(TEXT);
  }

  @Test
  void a_body_without_bytes_is_empty() {
    assertThat(decoded(READ, "gzip", Multi.createFrom().empty())).isEmpty();
  }

  static Stream<Packed> damaged() {
    byte[] whole = gzip(TEXT);
    byte[] wrongSum = whole.clone();
    wrongSum[whole.length - 6] ^= 1;
    byte[] wrongBody = whole.clone();
    Arrays.fill(wrongBody, 12, 40, (byte) 0xff);
    return Stream.of(
        new Packed("gzip", Arrays.copyOf(whole, whole.length - 1)),
        new Packed("gzip", Arrays.copyOf(whole, whole.length / 2)),
        new Packed("gzip", Arrays.copyOf(whole, 5)),
        new Packed("deflate", Arrays.copyOf(deflate(TEXT, false), 100)),
        new Packed("gzip", wrongSum),
        new Packed("gzip", wrongBody),
        new Packed("gzip", TEXT));
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void a_body_that_is_damaged_or_cut_can_be_fetched_again(Packed packed) {
    // When
    ProviderException read = failure(READ, packed);
    ProviderException create = failure(CREATE, packed);
    // Then
    assertThat(read.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(read).hasMessageStartingWith("download: its");
    assertThat(create.kind()).isEqualTo(Kind.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip, br", "compress"})
  void a_coding_that_is_not_known_here_is_named(String coding) {
    // When
    ProviderException failure = failure(READ, new Packed(coding, TEXT));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
    assertThat(failure)
        .hasMessageContaining("'" + coding.replace("gzip, ", "") + "'")
        .hasMessageContaining("gzip and deflate can");
    assertThat(failure(CREATE, new Packed(coding, TEXT)).kind()).isEqualTo(Kind.UNKNOWN);
  }

  @Test
  void a_body_that_would_fill_the_disk_ends_early() {
    // Given
    byte[] bomb = gzip(new byte[64 << 20]);
    AtomicLong unpacked = new AtomicLong();
    AtomicLong largest = new AtomicLong();
    // When
    ProviderException failure =
        catchThrowableOfType(
            ProviderException.class,
            () ->
                ContentCoding.decoded(READ, "gzip", Multi.createFrom().item(Buffer.buffer(bomb)))
                    .invoke(part -> {
                      unpacked.addAndGet(part.length());
                      largest.accumulateAndGet(part.length(), Math::max);
                    })
                    .collect()
                    .last()
                    .await()
                    .atMost(Duration.ofSeconds(20)));
    // Then
    assertThat(failure).hasMessageContaining("times its size");
    assertThat(unpacked).hasValueLessThan(40 << 20);
    assertThat(largest).hasValueLessThan(100_000);
  }

  @Test
  void no_more_is_unpacked_than_is_asked_for() {
    // Given
    byte[] large = gzip(IntStream.range(0, 200_000).mapToObj(n -> n + "\n").toList());
    AtomicLong unpacked = new AtomicLong();
    // When
    byte[] first =
        ContentCoding.decoded(READ, "gzip", Multi.createFrom().item(Buffer.buffer(large)))
            .invoke(part -> unpacked.addAndGet(part.length()))
            .select()
            .first(1)
            .map(Buffer::getBytes)
            .toUni()
            .await()
            .atMost(Duration.ofSeconds(20));
    // Then
    assertThat(new String(first, UTF_8)).startsWith("0\n1\n2\n");
    assertThat(unpacked).hasValueLessThan(200_000);
  }

  private static ProviderException failure(HttpCall httpCall, Packed packed) {
    return catchThrowableOfType(
        ProviderException.class,
        () -> decoded(httpCall, packed.coding(), Multi.createFrom().item(packed.bytes())));
  }

  private static byte[] decoded(HttpCall httpCall, String coding, Multi<byte[]> parts) {
    return ContentCoding.decoded(httpCall, coding, parts.map(Buffer::buffer))
        .collect()
        .in(Buffer::buffer, (all, part) -> all.appendBuffer(part))
        .await()
        .atMost(Duration.ofSeconds(20))
        .getBytes();
  }

  private static byte[] gzip(Iterable<String> lines) {
    return gzip(String.join("", lines).getBytes(UTF_8));
  }

  private static byte[] gzip(byte[] bytes) {
    return packed(
        bytes,
        out -> {
          try {
            return new GZIPOutputStream(out);
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        });
  }

  private static byte[] deflate(byte[] bytes, boolean bare) {
    return packed(bytes, out -> new DeflaterOutputStream(out, new Deflater(6, bare)));
  }

  private static byte[] packed(
      byte[] bytes, java.util.function.Function<OutputStream, OutputStream> packer) {
    var packed = new ByteArrayOutputStream();
    try (OutputStream out = packer.apply(packed)) {
      out.write(bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return packed.toByteArray();
  }

  /// With everything that a head may hold: extra bytes, a name, a comment, a sum.
  private static byte[] withNameAndComment(byte[] gzip) {
    byte[] head = Arrays.copyOf(gzip, 10);
    head[3] = 2 | 4 | 8 | 16;
    byte[] more = {3, 0, 1, 2, 3, 'n', 'a', 'm', 'e', 0, 'c', 0, 9, 9};
    return joined(joined(head, more), Arrays.copyOfRange(gzip, 10, gzip.length));
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
