package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

/// The flow when nothing goes wrong.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowTest extends Flow {

  @Test
  void a_task_is_answered_in_input_order() {
    // Given
    submit(20);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    oneBatchWasStarted();
  }

  @Test
  void a_batch_size_cuts_a_task_into_several_batches() {
    // Given
    submit(10, "batch_size=3");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(10);
    assertThat(partitions())
        .extracting(p -> p.path("requests").asInt())
        .containsExactly(3, 3, 3, 1);
    assertThat(started()).hasSize(4);
  }

  @Test
  void two_models_that_take_turns_give_results_in_input_order() {
    // Given
    var lines = new StringBuilder();
    for (int n = 0; n < 12; n++) {
      lines.append(line(n, n % 2 == 0 ? "gpt-even" : "gpt-odd"));
    }
    submitLines(lines.toString(), "batch_size=4");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(12);
    assertThat(partitions()).hasSize(4);
    assertThat(results())
        .extracting(line -> line.path("response").path("body").path("model").asText())
        .startsWith("gpt-even", "gpt-odd", "gpt-even", "gpt-odd");
  }
}
