package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// A task step by step: a caller that lost the reply may repeat every action, and the process that
/// took it may die of it.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowActionsTest extends Flow {

  private static final Duration LEASE = Duration.ofSeconds(120);

  @Inject Claims claims;
  @Inject IsolatedContexts isolatedContexts;

  @Test
  void every_action_sent_twice_in_every_state_is_done_once() {
    // Given
    make();
    append(0, 3);
    append(3, 6);

    // When
    sendTwice("refresh");
    sendTwice("upload");
    tick();
    sendTwice("upload");
    sendTwice("refresh");
    tick();
    assertThat(waitsFor()).isEqualTo("caller");
    assertThat(started()).isEmpty();
    assertThat(results()).isEmpty();
    sendTwice("submit");
    tick();
    sendTwice("submit");
    sendTwice("upload");
    sendTwice("refresh");
    run();
    var first = results();
    sendTwice("submit");
    sendTwice("upload");
    sendTwice("refresh");
    tick();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(started()).hasSize(2);
    assertThat(results()).isEqualTo(first);
  }

  @Test
  void an_upload_that_comes_behind_its_submit_takes_nothing_back() {
    // Given
    make();
    append(0, 6);
    say("upload");

    // When
    say("submit");
    say("upload");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
  }

  @Test
  void requests_with_ids_that_are_appended_again_are_refused_and_counted_once() {
    // Given
    make();
    append(0, 6);

    // When
    Response again = appended(0, 6);

    // Then
    assertThat(again.statusCode()).isEqualTo(422);
    assertThat(view().path("counts").path("total").asInt()).isEqualTo(6);
    say("submit");
    run();
    everyRequestIsAnsweredAndBilledOnce(6);
  }

  @Test
  void an_upload_goes_on_though_the_process_that_took_it_dies() {
    // Given
    make();
    append(0, 6);

    // When
    say("upload");
    diesWithTheTask();
    assertThat(partitions()).isEmpty();
    clock.advance(LEASE.plusMillis(1));
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo("caller");
    assertThat(partitions())
        .allSatisfy(held -> assertThat(held.path("state").asText()).isEqualTo("uploading"));
    assertThat(started()).isEmpty();
  }

  @Test
  void
      a_submit_goes_on_though_the_process_that_took_it_dies_before_the_held_partitions_are_released() {
    // Given
    make();
    append(0, 6);
    say("upload");
    tick();

    // When
    say("submit");
    diesWithTheTask();
    assertThat(started()).isEmpty();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_hold_outlives_every_process() {
    // Given
    make();
    append(0, 6);
    say("upload");
    tick();

    // When
    clock.advance(Duration.ofDays(3));
    var _ =
        await(() -> claims.claimDue(clock.instant(), "another", LEASE, List.of("simulator"), 100));
    clock.advance(LEASE.plusMillis(1));
    tick();

    // Then
    assertThat(waitsFor()).isEqualTo("caller");
    assertThat(started()).isEmpty();
    say("submit");
    run();
    everyRequestIsAnsweredAndBilledOnce(6);
  }

  @Test
  void a_cancel_takes_effect_though_the_process_that_took_it_dies() {
    // Given
    make();
    append(0, 6);
    say("upload");
    tick();

    // When
    say("cancel");
    diesWithTheTask();
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    everyRequestHasOneResult(0, 0, 6);
    assertThat(started()).isEmpty();
  }

  @Test
  void a_retry_takes_effect_though_the_process_that_took_it_dies() {
    // Given
    make();
    append(0, 6);
    say("cancel");
    assertThat(state()).isEqualTo("cancelled");

    // When
    say("retry");
    diesWithTheTask();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(6);
  }

  private void make() {
    given()
        .contentType("application/json")
        .body("{\"name\":\"%s\",\"batch_size\":3}".formatted(task))
        .post("/v1/tasks")
        .then()
        .statusCode(201);
  }

  private void append(int from, int to) {
    assertThat(appended(from, to).statusCode()).isEqualTo(200);
  }

  private Response appended(int from, int to) {
    String lines = lines(to).lines().skip(from).reduce("", (all, line) -> all + line + "\n");
    return given()
        .contentType("application/x-ndjson")
        .body(lines.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .post("/v1/tasks/" + task + "/requests");
  }

  private void sendTwice(String action) {
    say(action);
    say(action);
  }

  /// A worker claims the task's step and never records anything.
  private void diesWithTheTask() {
    var taken =
        await(() -> claims.claimDue(clock.instant(), "dying", LEASE, List.of("simulator"), 100));
    assertThat(taken).extracting(Claim::kind).contains(Claim.Kind.TASK);
    tick();
  }

  private <T> T await(Supplier<Uni<T>> work) {
    return isolatedContexts.run(work).await().atMost(Duration.ofSeconds(20));
  }
}
