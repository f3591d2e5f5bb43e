package dev.arcticsynth.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonRequestsTest {

  @Test
  void each_element_is_a_line_whatever_stands_between_them() throws IOException {
    // Given
    String body = "\n[ {\"a\":\n1} ,{\"b\":[\"]\",2]}\r\n, 3, \"x\\n\" ]\n";

    // When
    String lines = text(requests(body).lines());

    // Then
    assertThat(lines).isEqualTo("{\"a\": 1}\n{\"b\":[\"]\",2]}\n3\n\"x\\n\"\n");
  }

  @Test
  void an_empty_array_has_no_line_and_one_value_is_a_line() throws IOException {
    // When
    String none = text(requests("[]").lines());
    String one = text(requests(" {\"a\":\n 1}\n").lines());

    // Then
    assertThat(none).isEmpty();
    assertThat(one).isEqualTo("{\"a\":  1}\n");
  }

  @Test
  void long_elements_come_in_small_buffers() throws IOException {
    // Given
    var random = new Random(5);
    List<String> elements =
        IntStream.range(0, 40)
            .mapToObj(i -> "{\"n\":\"" + "é".repeat(random.nextInt(200_000)) + "\"}")
            .toList();

    // When
    List<Buffer> buffers =
        requests("[" + String.join(",", elements) + "]")
            .lines()
            .collect()
            .asList()
            .await()
            .indefinitely();

    // Then
    assertThat(buffers).allMatch(buffer -> buffer.length() <= 2 * 64 * 1024 + 1);
    assertThat(joined(buffers)).isEqualTo(String.join("\n", elements) + "\n");
  }

  @Test
  void a_task_is_what_is_left_without_its_requests() throws IOException {
    // When
    var parts = requests("{\"name\":\"n\",\"requests\":[{},\n{}],\"model\":\"m\"}").parts();

    // Then
    assertThat(new String(parts.task(), UTF_8))
        .isEqualTo("{\"name\":\"n\",\"requests\":null,\"model\":\"m\"}");
    assertThat(text(parts.requests().orElseThrow())).isEqualTo("{}\n{}\n");
  }

  @Test
  void a_task_that_is_long_without_its_requests_is_refused() throws IOException {
    // Given
    String requests = "{\"requests\":[\"" + "r".repeat(300_000) + "\"]";
    String padding = ",\"x\":\"" + "x".repeat(300_000) + "\"";

    // When
    var found = requests(requests + "}").parts();

    // Then
    assertThat(found.task()).hasSizeLessThan(100);
    assertThatThrownBy(() -> requests(requests + padding + "}").parts())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("262,144");
  }

  private static JsonRequests requests(String body) {
    return new JsonRequests(body.getBytes(UTF_8));
  }

  private static String text(Multi<Buffer> lines) {
    return joined(lines.collect().asList().await().indefinitely());
  }

  private static String joined(List<Buffer> buffers) {
    var all = Buffer.buffer();
    buffers.forEach(all::appendBuffer);
    return all.toString(UTF_8);
  }
}
