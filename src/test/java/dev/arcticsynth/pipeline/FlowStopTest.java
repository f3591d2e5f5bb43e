package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.task.lease.Claims;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A replica that is asked to stop: what it has begun comes to an end, and nothing is left in its
/// hands.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowStopTest extends Flow {

  private static final Duration LEASE = Duration.ofMinutes(2);

  @Inject Claims claims;
  @Inject GracefulStop graceful;

  @AfterEach
  void goOn() {
    graceful.takeBack();
  }

  @Test
  void a_stop_waits_for_the_step_that_is_under_way() {
    // Given
    submit(5);
    faults().next(new Fault.TooLate(Duration.ofMillis(700)), Operation.CREATE);
    var step = tickElsewhere();
    eventually(() -> started().size() == 1);

    // When
    graceful.stop(Duration.ofSeconds(25));

    // Then
    assertThat(partitionState()).isNotEqualTo("creating");
    assertThat(leased()).isEmpty();
    step.join();
  }

  @Test
  void a_stop_that_waited_long_enough_gives_back_what_is_not_done() {
    // Given
    submit(5);
    faults().next(new Fault.TooLate(Duration.ofMillis(2_500)), Operation.UPLOAD);
    var step = tickElsewhere();
    eventually(() -> partitionState().equals("uploading") && faults().rules().isEmpty());

    // When
    graceful.stop(Duration.ofMillis(300));
    var other = claims.claimDue(clock.instant(), "another", LEASE, List.of("simulator"), 4);

    // Then
    assertThat(other.await().atMost(Duration.ofSeconds(5))).hasSize(1);
    step.join();
    graceful.takeBack();
    clock.advance(LEASE.plusMillis(1));
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void nothing_is_begun_after_a_stop() {
    // Given
    submit(5);

    // When
    graceful.stop(Duration.ofSeconds(25));
    tick();

    // Then
    assertThat(partitions()).isEmpty();
    assertThat(leased()).isEmpty();
  }

  private List<Row> leased() {
    return sql(
        """
        SELECT id FROM partition WHERE lease_token IS NOT NULL
        UNION ALL SELECT id FROM task WHERE lease_token IS NOT NULL\
        """);
  }
}
