package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tasks that are driven by hand.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowHoldsTest extends Flow {

  @Test
  void a_task_waits_to_be_uploaded_and_then_to_be_submitted() {
    // Given
    submit(6, "auto=false", "batch_size=3");
    tick();
    assertThat(state()).isEqualTo("open");
    assertThat(uploaded()).isEmpty();

    // When
    say("upload");
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo("caller");
    assertThat(uploaded()).hasSize(2);
    assertThat(started()).isEmpty();

    // And when
    say("submit");
    run();
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(started()).hasSize(2);
    assertThat(uploaded()).hasSize(2);
  }

  @Test
  void an_upload_that_is_asked_for_twice_happens_once() {
    // Given
    submit(6, "auto=false");
    say("upload");
    tick();

    // When
    say("upload");
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("uploading");
    assertThat(uploaded()).hasSize(1);
    assertThat(started()).isEmpty();
  }

  @Test
  void actions_with_a_key_that_are_sent_twice_count_once() {
    // Given
    submit(6, "auto=false", "batch_size=3");

    // When
    for (String action : List.of("upload", "submit")) {
      for (int time = 0; time < 2; time++) {
        given()
            .header("Idempotency-Key", "\"%s-%s\"".formatted(task, action))
            .post("/v1/tasks/" + task + "/" + action)
            .then()
            .statusCode(202)
            .header("Idempotency-Replayed", time == 0 ? nullValue() : equalTo("true"));
        tick();
      }
    }
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(events()).containsOnlyOnce("task.upload_asked", "task.submitted");
    assertThat(uploaded()).hasSize(2);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_held_upload_that_fails_is_done_again_and_held() {
    // Given
    submit(6, "auto=false");
    faults().next(2, refused(500), Operation.UPLOAD);
    say("upload");

    // When
    runUntil(() -> waitsFor().equals("caller"));

    // Then
    assertThat(started()).isEmpty();
    say("submit");
    run();
    everyRequestIsAnsweredAndBilledOnce(6);
    oneBatchWasStarted();
  }

  @Test
  void a_held_file_that_has_expired_is_uploaded_again() {
    // Given
    submit(6, "auto=false");
    say("upload");
    tick();
    clock.advance(Duration.ofDays(31));

    // When
    say("submit");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    oneBatchWasStarted();
  }

  @Test
  void a_submit_that_comes_during_the_upload_is_not_lost() {
    // Given
    submit(6, "auto=false");
    faults().next(new Fault.TooLate(Duration.ofMillis(800)), Operation.UPLOAD);
    say("upload");
    var slow = tickElsewhere();
    eventually(() -> uploaded().size() == 1);

    // When
    say("submit");
    slow.join();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    oneBatchWasStarted();
  }

  private List<String> uploaded() {
    var ours =
        new HashSet<>(
            sql(
                    "SELECT p.id FROM partition p JOIN task t ON t.id = task_id WHERE t.name = $1",
                    task)
                .stream()
                .map(row -> row.getUUID(0).toString())
                .toList());
    return ledger().entries().stream()
        .filter(entry -> entry.event().equals("file_uploaded"))
        .map(entry -> entry.detail().path("filename").asText())
        .filter(name -> ours.stream().anyMatch(name::contains))
        .toList();
  }
}
