package dev.arcticsynth.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.Submission;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewBatchTest {

  @Test
  void labels_fit_what_openai_takes_and_the_tag_always_does() {
    // Given
    Map<String, String> labels = new HashMap<>();
    for (int i = 10; i < 40; i++) {
      labels.put("label" + i, "v");
    }
    labels.put("a".repeat(80), "😀".repeat(600));
    labels.put("arctic_tag", "forged");
    // When
    JsonObject metadata = metadata(new Submission("t/1", "/v1/embeddings", "m", 1, 1, labels));
    // Then
    assertThat(metadata).hasSize(16);
    assertThat(metadata.getString("arctic_tag")).isEqualTo("t/1");
    assertThat(metadata.getString("a".repeat(64))).isEqualTo("😀".repeat(512));
    assertThat(metadata.fieldNames()).contains("label10", "label23").doesNotContain("label24");
  }

  @ParameterizedTest
  @CsvSource({
    "dep/part-7/1, dep_part-7_1.jsonl",
    "a;name=\"x\", a_name__x_.jsonl",
    "../é, ..__.jsonl"
  })
  void a_tag_becomes_the_name_of_a_file(String tag, String name) {
    assertThat(MultipartUpload.fileName(tag)).isEqualTo(name);
  }

  private static JsonObject metadata(Submission submission) {
    return new JsonObject(NewBatch.of(submission, "file-1", Dialect.OPENAI))
        .getJsonObject("metadata");
  }
}
