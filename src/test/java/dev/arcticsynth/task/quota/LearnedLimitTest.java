package dev.arcticsynth.task.quota;

import static dev.arcticsynth.task.Partitions.LATER;
import static dev.arcticsynth.task.Partitions.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.quota.LearnedLimit.Refusal;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnedLimitTest {

  @ParameterizedTest
  @CsvSource({
    // named, in flight, before, news -> learned
    "90000, 500000,      0, false, 90000",
    "90000,      0,      0, true,  90000",
    "90000,  70000,  90000, false, 90000",
    "    0,  70000,      0, true,  70000",
    "    0,  70000, 100000, false, 70000",
    "    0,  70000,  60000, false, 60000",
    // nothing of ours was there: says nothing of us
    "    0,      0,  60000, true,  60000",
    "    0,      0,      0, true,  0",
    // we kept to it and were refused: our estimates are too low
    "90000,  80000,  90000, true,  81000",
    "    0,  80000,  90000, true,  81000",
    "    0,      1,      1, true,  1",
    // it was raised to find out more
    "90000,  98000,  99000, true,  90000",
    // the provider has come down
    "40000,  80000,  90000, true,  40000"
  })
  void a_refusal_teaches(long named, long inFlight, long before, boolean isNews, long learned) {
    // Given
    var limit =
        new LearnedLimit(
            before, Long.MAX_VALUE, Optional.of(NOW), Optional.of(NOW), Optional.empty());
    var refusal =
        new Refusal(
            named == 0 ? OptionalLong.empty() : OptionalLong.of(named),
            inFlight,
            Optional.of(isNews ? LATER : NOW));

    // Then
    assertThat(limit.after(refusal)).isEqualTo(learned);
  }
}
