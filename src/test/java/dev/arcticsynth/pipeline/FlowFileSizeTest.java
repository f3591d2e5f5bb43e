package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Files that a provider, or a gateway before it, refuses for their size.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowFileSizeTest extends Flow {

  @AfterEach
  void nothingIsLearnedForTheOthers() {
    List<Row> _ = sql("UPDATE provider_account SET refused_bytes = NULL, refused_bytes_at = NULL");
  }

  @Test
  void a_file_that_is_too_large_is_sent_in_halves_and_the_size_is_kept_to() {
    // Given: about 170 bytes a request
    faults().always(new Fault.FileTooLarge(600));
    submit(16, "max_attempts=1");
    run();
    everyRequestIsAnsweredAndBilledOnce(16);
    assertThat(refused()).as("a few for each size").isBetween(2, 7);
    assertThat(started()).hasSizeBetween(6, 12);

    // When
    task = task + "-later";
    int before = refused();
    submit(16, "max_attempts=1");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(16);
    assertThat(refused() - before).as("refusals of the second task").isZero();
  }

  @Test
  void a_request_that_alone_is_too_large_fails_alone_and_says_so() {
    // Given
    faults().always(new Fault.FileTooLarge(1_000));
    submitLines(
        line(0, "gpt-test")
            + line(1, "gpt-test").replace("question", "question".repeat(200))
            + line(2, "gpt-test"));

    // When
    run();

    // Then
    everyRequestHasOneResult(2, 1, 0);
    var failed = results().get(1).path("error");
    assertThat(failed.path("code").asText()).isEqualTo("file_too_large");
    assertThat(failed.path("message").asText()).contains("HTTP 413", "this request alone");
    nothingIsBilledMoreThan(1);
  }

  @Test
  void a_size_that_was_learned_is_forgotten_after_a_day() {
    // Given
    faults().always(new Fault.FileTooLarge(600));
    submit(8);
    run();
    everyRequestIsAnsweredAndBilledOnce(8);
    faults().clear();
    clock.advance(Duration.ofHours(25));

    // When
    task = task + "-later";
    submit(8);
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(8);
    oneBatchWasStarted();
  }

  private int refused() {
    return faults().struck().getOrDefault("FileTooLarge", 0);
  }
}
