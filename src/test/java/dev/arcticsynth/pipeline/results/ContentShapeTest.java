package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContentShapeTest {

  @TempDir Path folder;

  static Stream<Arguments> contents() {
    return Stream.of(
        Arguments.of("[{\"custom_id\":\"1\"}]", "a JSON array, 19 bytes"),
        Arguments.of(" \n[]", "a JSON array, 4 bytes"),
        Arguments.of("<!DOCTYPE html><p>", "HTML, 18 bytes"),
        Arguments.of("<HTML><body>", "HTML, 12 bytes"),
        Arguments.of("<?xml version='1.0'?><Error/>", "XML, 29 bytes"),
        Arguments.of("{\"error\":{\"message\":\"no\\ntenant\"}}", "an error: no tenant, 34 bytes"),
        Arguments.of("{\"error\":\"gone\"}", "an error: gone, 16 bytes"),
        Arguments.of("{\n\"error\":{\n\"message\":\"m\"}}", "an error: m, 27 bytes"),
        Arguments.of("{\n\"a\":1\n}", "one JSON object over several lines, 9 bytes"),
        Arguments.of("{\"a\":1}\n{\"a\":2}\n", "JSON lines without a custom_id, 16 bytes"),
        Arguments.of("{\"custom_id\":null}", "lines of another shape, 18 bytes"),
        Arguments.of("data: {}", "an event stream, 8 bytes"),
        Arguments.of("The secret answer", "other text, 17 bytes"),
        Arguments.of(" \n ", "blank, 3 bytes"),
        Arguments.of("", "empty"),
        Arguments.of("PK\u0003\u0004", "a zip archive, 4 bytes"));
  }

  @ParameterizedTest
  @MethodSource("contents")
  void a_file_without_answers_is_described_and_not_quoted(String content, String shape)
      throws IOException {
    // Given
    Path file = write(content.getBytes(UTF_8));

    // When
    String described = ContentShape.of(file);

    // Then
    assertThat(described).isEqualTo(shape);
  }

  @Test
  void bytes_that_are_no_text_are_named() throws IOException {
    // Given
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write("{}".getBytes(UTF_8));
    }

    // Then
    assertThat(ContentShape.of(write(packed.toByteArray()))).startsWith("gzip, ");
    assertThat(ContentShape.of(write("{}".getBytes(UTF_16)))).startsWith("UTF-16, ");
    assertThat(ContentShape.of(write("(\u00b5/\u00fd".getBytes(ISO_8859_1)))).startsWith("zstd, ");
    assertThat(ContentShape.of(write(new byte[] {1, 0, 2}))).isEqualTo("binary, 3 bytes");
  }

  @Test
  void a_long_text_of_the_provider_is_shortened_to_one_line() {
    // When
    String shown = ContentShape.printable("a\n\u001bb" + "x".repeat(1_000));

    // Then
    assertThat(shown).startsWith("a bxx").hasSize(301);
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(folder, "f", ""), bytes);
  }
}
