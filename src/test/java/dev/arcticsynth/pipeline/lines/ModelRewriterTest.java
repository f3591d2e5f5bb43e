package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelRewriterTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void only_the_bodys_own_model_gets_another_name() {
    // When
    String written =
        written(
            "gpt",
            "dep-a",
            "{\"metadata\":{\"model\":\"gpt\"}, \"model\" : \"gpt\" ,\"x\":1E2,\"messages\":[{\"model\":\"gpt\"}]}");
    // Then
    assertThat(written)
        .isEqualTo(
            "{\"metadata\":{\"model\":\"gpt\"}, \"model\" : \"dep-a\" ,\"x\":1E2,\"messages\":[{\"model\":\"gpt\"}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt-é|{'model':'gpt-é','a':1}",
        "gpt-é|{'a':'é','model':'gpt-\\u00e9'}",
        "a/b|{'model':'a\\/b'}",
        "a/b|{'model':'\\u0061/b'}",
        "😀|{'model':'\\ud83d\\ude00'}",
      })
  void every_body_grows_by_the_same_however_the_name_was_written(String model, String body)
      throws Exception {
    // Given
    String given = body.replace('\'', '"');
    // When
    String written = written(model, "deployment-ß", given);
    // Then
    assertThat(written.getBytes(UTF_8).length)
        .isEqualTo(given.getBytes(UTF_8).length + WireNaming.longer(model, "deployment-ß"));
    assertThat(JSON.readTree(written).path("model").asText()).isEqualTo("deployment-ß");
  }

  @Test
  void names_with_quotes_are_escaped() throws Exception {
    assertThat(JSON.readTree(written("m", "a\"b\\c", "{\"model\":\"m\"}")).path("model").asText())
        .isEqualTo("a\"b\\c");
  }

  private static String written(String model, String other, String body) {
    var out = new GrowableBytes(16);
    new ModelRewriter(model, other).write(body.getBytes(UTF_8), out);
    return out.toString(UTF_8);
  }
}
