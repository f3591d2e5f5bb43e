package dev.arcticsynth.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Requests of every kind: what is sent is what the caller wrote, and what comes back is found.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowEndpointsTest extends FlowAccount {

  @Test
  void one_task_has_requests_of_every_endpoint_answered() {
    // Given
    submitLines(
        request(
                0,
                "/v1/chat/completions",
                "{'model':'m','messages':[{'role':'user','content':'?'}]}")
            + request(1, "/v1/responses", "{'model':'m','input':'a text'}")
            + request(2, "/v1/embeddings", "{'model':'m','input':['a','b']}")
            + request(3, "/v1/completions", "{'model':'m','prompt':'a text'}")
            + request(4, "/v1/moderations", "{'model':'m','input':'a text'}")
            + request(5, "/v1/responses", "{'model':'m','input':[{'role':'user','content':'x'}]}"));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(partitions())
        .extracting(p -> p.path("endpoint").asText())
        .containsExactlyInAnyOrder(
            "/v1/chat/completions",
            "/v1/responses",
            "/v1/embeddings",
            "/v1/completions",
            "/v1/moderations");
    var bodies = results().stream().map(line -> line.path("response").path("body")).toList();
    assertThat(bodies.get(0).path("object").asText()).isEqualTo("chat.completion");
    assertThat(bodies.get(1).path("object").asText()).isEqualTo("response");
    assertThat(bodies.get(2).path("data")).hasSize(2);
    assertThat(bodies.get(3).path("object").asText()).isEqualTo("text_completion");
    assertThat(bodies.get(4).path("results")).hasSize(1);
    var messages = results("view=messages");
    assertThat(messages)
        .extracting(line -> line.path("choices").size())
        .containsExactly(1, 1, 0, 1, 0, 1);
    assertThat(messages).allSatisfy(line -> assertThat(line.has("error")).isFalse());
    assertThat(messages.get(1).path("choices").get(0).path("type").asText()).isEqualTo("message");
    assertThat(messages.get(3).path("choices").get(0).path("role").asText()).isEqualTo("assistant");
  }

  @Test
  void pictures_tools_and_odd_spelling_reach_the_provider_byte_for_byte() {
    // Given
    var bodies =
        List.of(
            picture(0, 200_000),
            """
            {"model":"m", "messages" : [ {"role":"user","content":"\\u00e9 é \\ud83d\\ude00 \\/"} ],"n":1.0E+0,"x":10000000000000000000000001,"a":1,"a":2}\
            """,
            """
            {"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"x\\": 1.50}"}}]},\
            {"role":"tool","tool_call_id":"c1","content":"{}"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"body":{},"url":{}}}}}],\
            "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,"model":"m","response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{}}}}\
            """);
    var lines = new StringBuilder();
    for (int n = 0; n < bodies.size(); n++) {
      lines.append("{\"custom_id\":\"r-%d\",\"body\":%s}\n".formatted(n, bodies.get(n)));
    }

    // When
    submitLines(lines.toString());
    tick();

    // Then
    var sent = sent(partition());
    assertThat(sent).hasSameSizeAs(bodies);
    for (int n = 0; n < bodies.size(); n++) {
      assertThat(sent.get(n)).endsWith(",\"body\":" + bodies.get(n) + "}");
    }
    run();
    everyRequestIsAnsweredAndBilledOnce(3);
  }

  @Test
  void partitions_are_cut_by_the_bytes_that_pictures_really_have() {
    // Given
    var lines = new StringBuilder();
    IntStream.range(0, 5)
        .forEach(n ->
            lines.append(
                "{\"custom_id\":\"r-%d\",\"body\":%s}\n".formatted(n, picture(n, 150_000))));

    // When
    submitLines(lines.toString(), "max_file_bytes=320000");
    tick();
    tick();

    // Then
    assertThat(partitions()).extracting(p -> p.path("requests").asInt()).containsExactly(2, 2, 1);
    assertThat(partitions())
        .allSatisfy(p -> {
          assertThat(p.path("bytes").asLong()).isLessThanOrEqualTo(320_000);
          assertThat(sent(p).stream().mapToLong(line -> line.getBytes(UTF_8).length + 1).sum())
              .isEqualTo(p.path("bytes").asLong());
        });
  }

  /// The limit of the test's provider is 4.
  @Test
  void batches_of_embeddings_are_cut_by_their_inputs() {
    // Given
    var lines = new StringBuilder();
    for (int n = 0; n < 4; n++) {
      lines.append(request(n, "/v1/embeddings", "{'model':'m','input':[1,2,3,4,5,6,7,8,9]}"));
    }
    for (int n = 4; n < 7; n++) {
      lines.append(request(n, "/v1/embeddings", "{'model':'m','input':['a','b','c']}"));
    }

    // When
    submitLines(lines.toString());
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(7);
    assertThat(partitions())
        .extracting(p -> p.path("requests").asInt())
        .containsExactly(4, 1, 1, 1);
  }

  private static String request(int n, String url, String body) {
    return "{\"custom_id\":\"r-%d\",\"url\":\"%s\",\"body\":%s}\n"
        .formatted(n, url, body.replace('\'', '"'));
  }

  private static String picture(int n, int bytes) {
    return """
    {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"What is this? é %d"},\
    {"type":"image_url","image_url":{"url":"data:image/png;base64,%s","detail":"low"}}]}]}\
    """
        .formatted(n, "iVBORw0K+/".repeat(bytes / 10));
  }

  /// The lines of the file that the provider got.
  private List<String> sent(JsonNode partition) {
    Buffer all =
        await(() ->
            provider()
                .download(partition.path("remote_file_id").asText())
                .collect()
                .in(Buffer::buffer, Buffer::appendBuffer));
    return new ArrayList<>(all.toString().lines().toList());
  }
}
