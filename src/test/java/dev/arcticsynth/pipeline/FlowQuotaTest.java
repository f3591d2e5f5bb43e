package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.Call;
import dev.arcticsynth.provider.simulator.Fault;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A provider without room, which is waited for and costs no request a try.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowQuotaTest extends Flow {

  @Test
  void pauses_grow_while_the_provider_goes_on_turning_us_away() {
    // Given
    submit(4, "max_attempts=1");
    faults().next(6, new Fault.Refused(429), Call.CREATE);
    var pauses = new ArrayList<Duration>();

    // When
    tick();
    while (partitionState().equals("ready")) {
      pauses.add(Duration.between(clock.instant(), nextMove()));
      waitForTheNextMove();
      tick();
    }

    // Then: half of a pause is random, so every second one is longer for sure
    assertThat(pauses).hasSize(6);
    for (int n = 2; n < pauses.size(); n++) {
      assertThat(pauses.get(n)).isGreaterThan(pauses.get(n - 2));
    }
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @Test
  void what_a_partition_has_gone_through_before_does_not_make_it_wait_longer() {
    // Given: many attempts that came to nothing for other reasons
    submit(4);
    faults().next(2, new Fault.Refused(429), Call.CREATE);
    tick();
    var _ = sql("UPDATE partition SET attempt = 30, turned_away = 0");

    // When
    waitForTheNextMove();
    tick();

    // Then
    assertThat(Duration.between(clock.instant(), nextMove())).isLessThan(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @EnumSource(
      value = Call.class,
      names = {"UPLOAD", "CREATE", "RETRIEVE", "CONTENT"})
  void a_call_too_many_costs_no_try_whichever_it_is(Call call) {
    // Given
    submit(4, "max_attempts=1");
    faults().next(7, new Fault.Refused(429, "30", false), call);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @ParameterizedTest
  @CsvSource({"401, credentials", "402, operator", "429, quota"})
  void answers_that_are_paid_for_wait_until_the_provider_talks_to_us_again(
      int status, String reason) {
    // Given: more often than a damaged file is fetched
    submit(4, "max_attempts=1");
    faults().next(9, new Fault.Refused(status), Call.CONTENT);
    runUntilPartitionIs("ended");

    // When
    waitForTheNextMove();
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo(reason);
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  private Instant nextMove() {
    return Instant.parse(partition().path("next_move_at").asText());
  }
}
