package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.support.WebhookReceiver;
import dev.arcticsynth.support.WebhookReceiver.Received;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A callback is sent, signed, until it is delivered.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowCallbacksTest extends Flow {

  private static final Duration LEASE = Duration.ofSeconds(120);
  private static final String OWN = "whsec_" + "b3du".repeat(8);
  private static final String NEXT = "whsec_" + "bmV4".repeat(8);
  private static final List<String> SHARED = List.of(FlowProfile.SECRETS.split(","));

  private final WebhookReceiver webhookReceiver = new WebhookReceiver();

  @Inject Claims claims;

  @AfterEach
  void close() {
    webhookReceiver.close();
  }

  // ---------------------------------------------------------------------------- what is sent

  @Test
  void a_completed_task_sends_one_callback_whose_signatures_an_independent_library_makes_too() {
    // Given
    submit(3, callback(), "metadata.team=math");
    run();
    assertThat(webhookReceiver.received()).isEmpty();

    // When
    tick();
    tick();

    // Then
    assertThat(webhookReceiver.received()).hasSize(1);
    Received told = webhookReceiver.received().getFirst();
    signedBy(told, SHARED);
    assertThat(told.header("webhook-id")).matches("msg_[0-9a-f]{32}");
    assertThat(told.header("webhook-timestamp"))
        .isEqualTo(String.valueOf(clock.instant().getEpochSecond()));
    JsonNode message = json(told.text());
    JsonNode data = message.path("data");
    assertThat(message.path("type").asText()).isEqualTo("task.completed");
    assertThat(message.path("timestamp").asText()).isEqualTo(view().path("finished_at").asText());
    assertThat(data.path("task").asText()).isEqualTo(task);
    assertThat(data.path("state").asText()).isEqualTo("completed");
    assertThat(data.path("counts").toString())
        .isEqualTo("{\"total\":3,\"succeeded\":3,\"failed\":0,\"cancelled\":0}");
    assertThat(data.path("created_at").asText()).isEqualTo(view().path("created_at").asText());
    assertThat(data.path("finished_at").asText()).isEqualTo(view().path("finished_at").asText());
    assertThat(data.path("metadata").toString()).isEqualTo("{\"team\":\"math\"}");
    assertThat(given().get(data.path("results_url").asText()).statusCode()).isEqualTo(200);
    assertThat(events()).endsWith("task.completed", "callback.delivered");
  }

  @Test
  void a_failed_task_sends_a_callback() {
    // Given
    faults().next(2, new Fault.FailedWithoutLine("model_not_found"));
    submit(3, callback());
    run();

    // When
    tick();

    // Then
    assertThat(state()).isEqualTo("failed");
    assertThat(json(webhookReceiver.received().getFirst().text()).path("type").asText())
        .isEqualTo("task.failed");
  }

  @Test
  void a_task_that_was_cancelled_while_it_ran_sends_its_callback_when_it_has_stopped() {
    // Given
    submit(3, callback());
    tick();
    say("cancel");
    assertThat(owed()).isZero();
    run();

    // When
    tick();

    // Then
    assertThat(
            json(webhookReceiver.received().getFirst().text()).path("data").path("state").asText())
        .isEqualTo("cancelled");
  }

  @Test
  void there_is_a_row_in_the_outbox_exactly_when_the_task_is_over() {
    // Given
    submit(3, callback());

    // When
    for (int round = 0; state().equals("running"); round++) {
      assertThat(owed()).as("round " + round).isZero();
      waitForTheNextMove();
      tick();
    }

    // Then
    assertThat(owed()).isEqualTo(1);
    assertThat(deliveries().getFirst().path("created_at").asText())
        .isEqualTo(view().path("finished_at").asText());
  }

  @Test
  void a_task_does_not_end_when_its_outbox_cannot_be_written() {
    // Given
    submit(3, callback(), "auto=false");
    List<Row> _ = sql("ALTER TABLE delivery ADD CONSTRAINT full_up CHECK (false) NOT VALID");

    // When
    Response refused = given().post("/v1/tasks/" + task + "/cancel");

    // Then
    List<Row> _ = sql("ALTER TABLE delivery DROP CONSTRAINT full_up");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(state()).isEqualTo("open");
    say("cancel");
    assertThat(state()).isEqualTo("cancelled");
    assertThat(owed()).isEqualTo(1);
    say("cancel");
    assertThat(owed()).isEqualTo(1);
  }

  @Test
  void a_task_that_is_retried_and_ends_again_sends_a_callback_under_another_id() {
    // Given
    cancelled(callback());
    tick();
    say("retry");
    run();

    // When
    tick();

    // Then
    assertThat(webhookReceiver.received())
        .extracting(told -> json(told.text()).path("type").asText())
        .containsExactly("task.cancelled", "task.completed");
    assertThat(ids()).doesNotHaveDuplicates();
    assertThat(deliveries()).extracting(d -> d.path("n").asInt()).containsExactly(1, 2);
  }

  @Test
  void a_task_without_a_callback_has_no_delivery() {
    // Given
    submit(1);

    // When
    run();

    // Then
    assertThat(deliveries()).isEmpty();
    assertThat(sql("SELECT 1 FROM delivery")).isEmpty();
  }

  // ------------------------------------------------------------------------------ until it is
  // heard

  @Test
  void a_failed_delivery_is_repeated_with_the_same_bytes_under_the_same_id() {
    // Given
    cancelled(callback());
    webhookReceiver.next(
        WebhookReceiver.status(500),
        WebhookReceiver.reset(),
        WebhookReceiver.status(302, "Location: /elsewhere"));

    // When
    tick();
    for (int attempt = 2; attempt <= 4; attempt++) {
      assertThat(delivery().path("state").asText()).isEqualTo("pending");
      waitUntilDue();
      tick();
    }

    // Then
    assertThat(delivery().path("state").asText()).isEqualTo("delivered");
    assertThat(delivery().path("next_attempt_at").isMissingNode()).isTrue();
    assertThat(attempts("error")).containsExactly("status", "connection_failed", "status", "");
    assertThat(attempts("status")).containsExactly("500", "", "302", "204");
    assertThat(ids()).hasSize(4).containsOnly(delivery().path("id").asText());
    assertThat(webhookReceiver.received())
        .extracting(Received::text)
        .containsOnly(webhookReceiver.received().getFirst().text());
    assertThat(webhookReceiver.received())
        .extracting(told -> told.header("webhook-timestamp"))
        .doesNotHaveDuplicates();
    webhookReceiver.received().forEach(told -> signedBy(told, SHARED));
  }

  @Test
  void after_ten_attempts_a_delivery_is_given_up_and_can_be_requested_again() {
    // Given
    cancelled(callback());
    webhookReceiver.always(WebhookReceiver.answer(500, "no"));
    Instant begun = clock.instant();
    tick();
    while (delivery().path("state").asText().equals("pending")) {
      waitUntilDue();
      tick();
    }
    assertThat(webhookReceiver.received()).hasSize(10);
    assertThat(Duration.between(begun, clock.instant()))
        .isBetween(Duration.ofHours(60), Duration.ofHours(91));
    assertThat(delivery().path("state").asText()).isEqualTo("dead");
    assertThat(events()).contains("callback.dead");
    tick();
    assertThat(webhookReceiver.received()).hasSize(10);

    // When
    webhookReceiver.always(WebhookReceiver.status(200));
    String id = delivery().path("id").asText();
    assertThat(redeliver(id).statusCode()).isEqualTo(202);
    tick();

    // Then
    assertThat(delivery().path("state").asText()).isEqualTo("delivered");
    assertThat(ids()).hasSize(11).containsOnly(id);
    assertThat(redeliver(id).statusCode()).isEqualTo(202);
    tick();
    assertThat(ids()).hasSize(12).containsOnly(id);
    assertThat(delivery().path("attempts")).hasSize(12);
  }

  @Test
  void a_receiver_that_is_gone_is_left_alone_at_once() {
    // Given
    cancelled(callback());
    webhookReceiver.next(WebhookReceiver.status(410));

    // When
    tick();

    // Then
    assertThat(delivery().path("state").asText()).isEqualTo("dead");
    assertThat(attempts("status")).containsExactly("410");
  }

  @ParameterizedTest
  @CsvSource({"429,7200,7200", "503,7200,7200", "429,nonsense,60", "502,99999999999,86400"})
  void an_overloaded_receiver_is_left_alone_for_as_long_as_it_asks(
      int status, String header, int seconds) {
    // Given
    cancelled(callback());
    webhookReceiver.next(WebhookReceiver.status(status, "Retry-After: " + header));

    // When
    tick();

    // Then
    assertThat(dueIn()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void a_silent_receiver_is_called_again_after_a_minute() {
    // Given
    cancelled(callback());
    webhookReceiver.next(WebhookReceiver.hang());

    // When
    tick();

    // Then
    assertThat(attempts("error")).containsExactly("timeout");
    assertThat(dueIn()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void a_sender_that_dies_after_sending_is_followed_by_one_that_sends_under_the_same_id() {
    // Given
    cancelled(callback());
    webhookReceiver.next(WebhookReceiver.hang());
    var dying = tickElsewhere();
    eventually(() -> webhookReceiver.received().size() == 1);

    // When
    tick();
    assertThat(webhookReceiver.received()).hasSize(1);
    clock.advance(LEASE.plusMillis(1));
    tick();
    dying.join();

    // Then
    assertThat(ids()).hasSize(2).containsOnly(delivery().path("id").asText());
    assertThat(delivery().path("state").asText()).isEqualTo("delivered");
    assertThat(attempts("status")).containsExactly("204");
  }

  @Test
  void a_sender_that_dies_before_sending_is_followed_by_another() {
    // Given
    cancelled(callback());
    List<Claim> dying =
        claims
            .claimDue(clock.instant(), "dying", LEASE, List.of(), 0, 4)
            .await()
            .atMost(Duration.ofSeconds(10));
    assertThat(dying).extracting(Claim::kind).containsExactly(Claim.Kind.DELIVERY);
    tick();
    assertThat(webhookReceiver.received()).isEmpty();

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();

    // Then
    assertThat(webhookReceiver.received()).hasSize(1);
    assertThat(delivery().path("state").asText()).isEqualTo("delivered");
  }

  @Test
  void a_slow_receiver_has_two_deliveries_at_a_time_and_delays_no_other_receiver() {
    try (var slow = new WebhookReceiver()) {
      // Given
      slow.always(WebhookReceiver.hang());
      for (int n = 0; n < 5; n++) {
        cancelledAs(task + "-" + n, "callback_url=" + slow.url("127.0.0.1"));
      }
      cancelled("callback_url=" + webhookReceiver.url("127.0.0.2"));

      // When
      var ticking = tickElsewhere();
      eventually(() -> webhookReceiver.received().size() == 1 && slow.received().size() >= 2);

      // Then
      assertThat(slow.received().size() - slow.over()).isLessThanOrEqualTo(2);
      ticking.join();
      assertThat(slow.received()).hasSize(5);
    }
  }

  @Test
  void several_workers_at_once_send_it_once() {
    // Given
    cancelled(callback());

    // When
    Stream.generate(this::tickElsewhere).limit(5).toList().forEach(ticking -> ticking.join());

    // Then
    assertThat(webhookReceiver.received()).hasSize(1);
  }

  @Test
  void a_deleted_task_still_sends_its_callback_and_is_then_gone() {
    // Given
    submit(1, List.of("X-Arctic-Callback-Secret", OWN), callback(), "auto=false");
    say("cancel");
    webhookReceiver.next(WebhookReceiver.status(500));
    tick();

    // When
    given().delete("/v1/tasks/" + task).then().statusCode(204);
    waitUntilDue();
    tick();

    // Then
    assertThat(ids()).hasSize(2).containsOnly(ids().getFirst());
    signedBy(webhookReceiver.received().getLast(), List.of(OWN));
    for (String table : List.of("callback", "callback_secret", "delivery", "delivery_attempt")) {
      assertThat(sql("SELECT 1 FROM " + table)).as(table).isEmpty();
    }
  }

  @Test
  void a_task_whose_callback_was_delivered_is_deleted_with_everything() {
    // Given
    cancelled(callback());
    tick();

    // When
    given().delete("/v1/tasks/" + task).then().statusCode(204);

    // Then
    assertThat(sql("SELECT 1 FROM callback")).isEmpty();
    assertThat(sql("SELECT 1 FROM delivery")).isEmpty();
  }

  // ------------------------------------------------------------------------------------- secrets

  @Test
  void a_task_with_a_secret_of_its_own_is_signed_by_that_alone_and_never_shows_it() {
    // Given
    submit(1, List.of("X-Arctic-Callback-Secret", OWN), callback(), "auto=false");
    say("cancel");

    // When
    tick();

    // Then
    signedBy(webhookReceiver.received().getFirst(), List.of(OWN));
    byte[] raw = Base64.getDecoder().decode(OWN.substring(6));
    assertThat(new String(sealed(), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(raw, java.nio.charset.StandardCharsets.ISO_8859_1));
    assertThat(
            given().get("/v1/tasks/" + task).asString()
                + given().get("/v1/tasks/" + task + "/callbacks").asString()
                + given().get("/v1/tasks/" + task + "/events").asString())
        .doesNotContain("whsec_", OWN.substring(6));
  }

  @Test
  void a_new_secret_signs_at_once_and_the_one_before_signs_along_for_a_day() {
    // Given
    submit(1, List.of("X-Arctic-Callback-Secret", OWN), callback(), "auto=false");
    say("cancel");

    // When
    newSecret(NEXT).then().statusCode(204);
    newSecret(NEXT).then().statusCode(204);
    tick();

    // Then
    signedBy(webhookReceiver.received().getLast(), List.of(NEXT, OWN));
    clock.advance(Duration.ofHours(24).minusSeconds(1));
    resend();
    signedBy(webhookReceiver.received().getLast(), List.of(NEXT, OWN));
    clock.advance(Duration.ofSeconds(1));
    resend();
    signedBy(webhookReceiver.received().getLast(), List.of(NEXT));
  }

  @Test
  void at_most_three_secrets_sign_the_newest_first() {
    // Given
    submit(1, List.of("X-Arctic-Callback-Secret", OWN), callback(), "auto=false");
    say("cancel");
    var all = new ArrayList<>(List.of(OWN));

    // When
    for (String part : List.of("c2Vj", "dGhp", "Zm91")) {
      all.addFirst("whsec_" + part.repeat(8));
      newSecret(all.getFirst()).then().statusCode(204);
    }
    tick();

    // Then
    signedBy(webhookReceiver.received().getLast(), all.subList(0, 3));
  }

  @Test
  void a_first_secret_of_its_own_leaves_receivers_a_day_to_change_over() {
    // Given
    cancelled(callback());

    // When
    newSecret(OWN).then().statusCode(204);
    tick();

    // Then
    signedBy(
        webhookReceiver.received().getLast(),
        Stream.concat(Stream.of(OWN), SHARED.stream()).toList());
    clock.advance(Duration.ofHours(24));
    resend();
    signedBy(webhookReceiver.received().getLast(), List.of(OWN));
  }

  @Test
  void a_secret_that_cannot_be_read_costs_no_attempt() {
    // Given
    submit(1, List.of("X-Arctic-Callback-Secret", OWN), callback(), "auto=false");
    say("cancel");
    List<Row> _ = sql("UPDATE callback_secret SET sealed = decode('00', 'hex') || sealed");

    // When
    tick();

    // Then
    assertThat(webhookReceiver.received()).isEmpty();
    assertThat(delivery().path("attempts")).isEmpty();
    assertThat(dueIn()).isEqualTo(Duration.ofMinutes(5));
    newSecret(NEXT).then().statusCode(204);
    waitUntilDue();
    tick();
    signedBy(webhookReceiver.received().getLast(), List.of(NEXT));
  }

  // ------------------------------------------------------------------------------------ refusals

  @ParameterizedTest
  @CsvSource({
    "http://10.0.0.1/,https_required",
    "https://169.254.169.254/,destination_not_allowed",
    "https://metadata.google.internal/,destination_not_allowed",
    "https://user@example.com/,invalid_url",
    "https://example.com:22/,port_not_allowed",
    "ftp://example.com/,invalid_url"
  })
  void a_url_that_may_not_be_called_is_refused_and_nothing_is_made(String url, String code) {
    // When
    Response lines =
        given()
            .contentType("application/x-ndjson")
            .queryParam("name", task)
            .queryParam("callback_url", url)
            .body(lines(1).getBytes(UTF_8))
            .post("/v1/tasks");
    Response whole =
        given()
            .contentType("application/json")
            .body("{\"name\":\"%s\",\"callback\":{\"url\":\"%s\"}}".formatted(task, url))
            .post("/v1/tasks");

    // Then
    for (Response refused : List.of(lines, whole)) {
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.path("errors[0].pointer").toString()).isEqualTo("/callback/url");
      assertThat(refused.path("errors[0].code").toString()).isEqualTo(code);
    }
    assertThat(given().get("/v1/tasks/" + task).statusCode()).isEqualTo(404);
  }

  @Test
  void a_secret_that_is_none_is_refused_and_is_not_quoted() {
    // When
    Response made =
        given()
            .contentType("application/json")
            .body(
                "{\"name\":\"%s\",\"callback\":{\"url\":\"%s\",\"secret\":\"whsec_abcd\"}}"
                    .formatted(task, webhookReceiver.url("127.0.0.1")))
            .post("/v1/tasks");
    cancelled(callback());
    Response changed = newSecret("whsec_abcd");

    // Then
    assertThat(made.statusCode()).isEqualTo(422);
    assertThat(made.path("errors[0].pointer").toString()).isEqualTo("/callback/secret");
    assertThat(made.asString()).doesNotContain("whsec_abcd");
    assertThat(changed.statusCode()).isEqualTo(422);
    assertThat(changed.path("errors[0].pointer").toString()).isEqualTo("/secret");
    assertThat(changed.asString()).doesNotContain("whsec_abcd");
  }

  @Test
  void what_is_not_there_is_not_found() {
    // Given
    submit(1);

    // Then
    assertThat(newSecret(OWN).statusCode()).isEqualTo(404);
    assertThat(redeliver("msg_00000000000000000000000000000000").statusCode()).isEqualTo(404);
    assertThat(redeliver("nonsense").statusCode()).isEqualTo(404);
    assertThat(given().get("/v1/tasks/unknown/callbacks").statusCode()).isEqualTo(404);
  }

  @Test
  void a_task_cannot_redeliver_the_delivery_of_another_task() {
    // Given
    cancelled(callback());
    String id = delivery().path("id").asText();
    cancelledAs("other-" + task, callback());

    // Then
    assertThat(
            given()
                .post("/v1/tasks/other-" + task + "/callbacks/" + id + "/redeliver")
                .statusCode())
        .isEqualTo(404);
  }

  // ---------------------------------------------------------------------------------- small help

  private String callback() {
    return "callback_url=" + webhookReceiver.url("127.0.0.1");
  }

  /// The quickest way to a task that is over.
  private void cancelled(String... query) {
    cancelledAs(task, query);
  }

  private void cancelledAs(String name, String... query) {
    String own = task;
    task = name;
    submit(1, Stream.concat(Stream.of("auto=false"), Stream.of(query)).toArray(String[]::new));
    say("cancel");
    task = own;
  }

  private void submit(int requests, List<String> header, String... query) {
    given()
        .contentType("application/x-ndjson")
        .header(header.getFirst(), header.getLast())
        .body(lines(requests).getBytes(UTF_8))
        .post("/v1/tasks?name=" + task + "&" + String.join("&", query))
        .then()
        .statusCode(202);
  }

  private Response newSecret(String secret) {
    return given()
        .contentType("application/json")
        .body("{\"secret\":\"" + secret + "\"}")
        .put("/v1/tasks/" + task + "/callback/secret");
  }

  private Response redeliver(String id) {
    return given().post("/v1/tasks/" + task + "/callbacks/" + id + "/redeliver");
  }

  private void resend() {
    assertThat(redeliver(delivery().path("id").asText()).statusCode()).isEqualTo(202);
    tick();
  }

  private List<JsonNode> deliveries() {
    var data =
        json(given().get("/v1/tasks/" + task + "/callbacks").then().extract().asString())
            .path("data");
    return StreamSupport.stream(data.spliterator(), false).toList();
  }

  private JsonNode delivery() {
    assertThat(deliveries()).hasSize(1);
    return deliveries().getFirst();
  }

  private List<String> attempts(String member) {
    return StreamSupport.stream(delivery().path("attempts").spliterator(), false)
        .map(attempt -> attempt.path(member).asText())
        .toList();
  }

  private List<String> ids() {
    return webhookReceiver.received().stream().map(told -> told.header("webhook-id")).toList();
  }

  private int owed() {
    return sql("SELECT 1 FROM delivery").size();
  }

  private byte[] sealed() {
    return sql("SELECT sealed FROM callback_secret").getFirst().getBuffer(0).getBytes();
  }

  private Duration dueIn() {
    return Duration.between(clock.instant(), due());
  }

  private Instant due() {
    OffsetDateTime due = sql("SELECT min(due_at) FROM delivery").getFirst().getOffsetDateTime(0);
    return due.toInstant();
  }

  private void waitUntilDue() {
    clock.advance(dueIn());
  }

  /// By these secrets in this order, as the independent library would sign.
  private static void signedBy(Received told, List<String> secrets) {
    assertThat(told.header("webhook-signature").split(" "))
        .containsExactlyElementsOf(
            secrets.stream().map(secret -> signature(told, secret)).toList());
  }

  private static String signature(Received told, String secret) {
    try {
      return new Webhook(secret)
          .sign(
              told.header("webhook-id"),
              Long.parseLong(told.header("webhook-timestamp")),
              told.text());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
