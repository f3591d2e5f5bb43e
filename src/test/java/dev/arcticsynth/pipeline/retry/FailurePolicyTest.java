package dev.arcticsynth.pipeline.retry;

import static dev.arcticsynth.task.Partitions.NOW;
import static dev.arcticsynth.task.Partitions.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.BatchStatus.Blame;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import dev.arcticsynth.task.PartitionEvent.Rejected;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailurePolicyTest {

  private final FailurePolicy failurePolicy =
      new FailurePolicy(new Backoff(new BackoffTest.Settings(), () -> NOW, new Random(4)));

  @ParameterizedTest
  @CsvSource({
    "'', something went wrong, batch_failed, something went wrong",
    "bad_line, something went wrong, bad_line, bad_line: something went wrong",
    "bad_line, '', bad_line, bad_line"
  })
  void a_refused_batch_says_what_there_is_to_say(
      String code, String message, String shownCode, String shown) {
    // When
    var event =
        (Rejected)
            failurePolicy.ofBatch(
                partition(0, 3), new Refusal(code, message, OptionalInt.empty(), Blame.REQUESTS));

    // Then
    assertThat(event.code()).isEqualTo(shownCode);
    assertThat(event.reason()).isEqualTo(shown);
  }
}
