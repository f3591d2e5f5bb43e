package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.payload.RequestOutcome;
import dev.arcticsynth.task.payload.SequenceSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErrorLinesTest {

  @Test
  void an_outcome_is_a_result_line_with_its_error() {
    // Given
    var lines = new ErrorLines();
    lines.add(outcome(5, "bad \"code\"", "line\nbreak é😀 \u0001", null));
    lines.add(outcome(9, "c", "m", "{\"status_code\":400}"));

    // When
    String text = drained(lines.cursor());

    // Then
    assertThat(text)
        .isEqualTo(
            """
            {"id":null,"custom_id":"id\\"5","response":null,"error":{"code":"bad \\"code\\"","message":"line\\nbreak é😀 \\u0001"}}
            {"id":null,"custom_id":"id\\"9","response":{"status_code":400},"error":{"code":"c","message":"m"}}
            """);
  }

  @Test
  void the_cursor_knows_the_numbers_of_the_lines() {
    // Given
    var lines = new ErrorLines();
    for (long seq = 1_000; seq < 1_200; seq += 3) {
      lines.add(outcome(seq, "c", "m", null));
    }

    // When
    ChunkCursor chunkCursor = lines.cursor();
    chunkCursor.skipTo(1_005);

    // Then
    assertThat(chunkCursor.seq()).isEqualTo(1_006);
  }

  @Test
  void no_outcomes_are_no_lines() {
    // When
    ChunkCursor chunkCursor = new ErrorLines().cursor();
    chunkCursor.skipTo(7);

    // Then
    assertThat(chunkCursor.isDone()).isTrue();
  }

  @Test
  void requests_that_were_never_answered_share_an_error_and_keep_their_ids() {
    // Given
    byte[] chunk =
        """
        {"custom_id":"a","body":{}}
        {"body":{}}
        {"custom_id":"c\\u00e9","body":{}}
        {"custom_id":"outside","body":{}}
        """
            .getBytes(UTF_8);

    // When
    ChunkCursor chunkCursor =
        ErrorLines.ofRequests(
            "task", chunk, SequenceSet.of(3, new int[] {0, 4, 6, 9}), 7, 9, "cancelled", "why");
    long first = chunkCursor.seq();
    String text = drained(chunkCursor);

    // Then
    assertThat(first).isEqualTo(7);
    assertThat(text)
        .isEqualTo(
            """
            {"id":null,"custom_id":"task_7","response":null,"error":{"code":"cancelled","message":"why"}}
            {"id":null,"custom_id":"c\\u00e9","response":null,"error":{"code":"cancelled","message":"why"}}
            """);
  }

  private static RequestOutcome outcome(
      long seq, String code, String message, @Nullable String response) {
    return new RequestOutcome(
        seq,
        RequestOutcome.State.FAILED,
        1,
        10,
        code,
        message,
        "\"id\\\"%d\"".formatted(seq).getBytes(UTF_8),
        response == null ? null : response.getBytes(UTF_8));
  }

  private static String drained(ChunkCursor chunkCursor) {
    var sink = LineSink.of(ResultsQuery.View.OUTPUT, 64);
    chunkCursor.drain(Long.MAX_VALUE, Integer.MAX_VALUE, sink);
    assertThat(chunkCursor.isDone()).isTrue();
    return new String(sink.toByteArray(), UTF_8);
  }
}
