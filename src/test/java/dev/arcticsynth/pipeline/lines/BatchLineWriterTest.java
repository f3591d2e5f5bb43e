package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.Partitions;
import dev.arcticsynth.task.payload.SequenceSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchLineWriterTest {

  private static final byte[] CHUNK =
      """
      {"custom_id":"a\\"b","body":{"model":"m","n":1.0E+2}}
      {"body":{"model":"m", "x":"é"}}
      {"custom_id":"c","body":{"model":"m"}}
      """
          .getBytes(UTF_8);

  @Test
  void a_wanted_request_is_a_batch_line_with_our_id_and_the_callers_body() {
    // Given
    Partition partition = Partitions.partition(10, 30);
    var ids = new WireId(partition.id(), partition.ordinal());
    var id = new GrowableBytes(32);
    ids.write(id, 20);

    // When
    String lines =
        new BatchLineWriter(new WireNaming(partition, partition.endpoint(), partition.model()))
            .write(CHUNK, SequenceSet.of(10, new int[] {0, 10, 20}), seq -> seq == 20)
            .toString();

    // Then
    assertThat(lines)
        .isEqualTo(
            "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"m\", \"x\":\"é\"}}\n"
                .formatted(id.toString(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/v1/embeddings", "/v1/responses"})
  void the_bytes_around_a_body_are_known_before_it_is_written(String endpoint) {
    // When
    int overhead = BatchLineWriter.overhead(endpoint);

    // Then
    assertThat(overhead)
        .isEqualTo(
            "{\"custom_id\":\"00000000-00000000-00000000\",\"method\":\"POST\",\"url\":\"%s\",\"body\":}\n"
                .formatted(endpoint)
                .length());
  }
}
