package dev.arcticsynth.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.Outbox.CompletionEvent;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompletionEventTest {

  @Test
  void the_message_says_what_ended_how_and_where_the_results_are() {
    // Given
    var task = cancelled("{\"team\":\"math\"}");

    // When
    var ending = CompletionEvent.of(task);

    // Then
    assertThat(ending.event()).isEqualTo("task.cancelled");
    assertThat(new String(ending.payload(), UTF_8))
        .isEqualTo(
            """
            {"type":"task.cancelled","timestamp":"2026-11-01T10:01:00Z","data":{"task":"t","state":"cancelled",\
            "counts":{"total":0,"succeeded":0,"failed":0,"cancelled":0},"results_url":"/v1/tasks/t/results",\
            "created_at":"2026-11-01T10:00:00Z","finished_at":"2026-11-01T10:01:00Z","metadata":{"team":"math"}}}\
            """);
  }

  @Test
  void metadata_that_would_make_it_too_large_is_left_out() {
    // Given
    String metadata =
        IntStream.range(0, 16)
            .mapToObj(n -> "\"%d%s\":\"%s\"".formatted(n, "键".repeat(60), "值".repeat(512)))
            .collect(Collectors.joining(",", "{", "}"));

    // When
    var ending = CompletionEvent.of(cancelled(metadata));

    // Then
    assertThat(ending.payload()).hasSizeLessThan(20_000);
    assertThat(new String(ending.payload(), UTF_8))
        .contains("\"task\":\"t\"")
        .doesNotContain("metadata");
  }

  private static Task cancelled(String metadata) {
    var task =
        new Task(
            new NewTask(
                "owner",
                "t",
                "p",
                Optional.empty(),
                "/v1/chat/completions",
                Optional.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                true,
                3,
                Optional.empty(),
                metadata,
                Optional.empty()),
            Partitions.NOW);
    task.cancel(Partitions.LATER);
    assertThat(task.endings()).isEqualTo(1);
    return task;
  }
}
