package dev.arcticsynth.api;

import static dev.arcticsynth.api.Http.LINE;
import static dev.arcticsynth.api.Http.call;
import static dev.arcticsynth.api.Http.expect;
import static dev.arcticsynth.api.Http.freshName;
import static dev.arcticsynth.api.Http.get;
import static dev.arcticsynth.api.Http.open;
import static dev.arcticsynth.api.Http.request;
import static dev.arcticsynth.api.Http.running;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.idempotency.Idempotency;
import dev.arcticsynth.pipeline.OrphanBlobCollector;
import dev.arcticsynth.task.lease.Replica;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls with an `Idempotency-Key`.
@QuarkusTest
@TestProfile(WithoutPipeline.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class IdempotencyTest {

  private static final String REPLAYED = "Idempotency-Replayed";
  private static final String LINES = request("a") + "\n" + request("b") + "\n";

  @Inject OrphanBlobCollector orphanBlobCollector;
  @Inject Replica replica;
  @Inject InstantSource clock;

  // ------------------------------------------------------------------------------------- replays

  @Test
  void a_task_that_was_made_from_lines_is_made_once() {
    // Given
    String key = freshKey();
    String name = freshName();
    Response first = lines(key, "/v1/tasks?name=" + name, LINES);
    expect(first, 202);
    String before = Rows.stored();

    // When
    Response again = lines(key, "/v1/tasks?name=" + name, LINES);

    // Then
    isReplayOf(first, again);
    assertThat(again.header("Location")).isEqualTo("/v1/tasks/" + name);
    assertThat(again.jsonPath().getInt("counts.total")).isEqualTo(2);
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void a_task_that_was_made_from_json_is_made_once_whatever_the_order_of_its_members() {
    // Given
    String key = freshKey();
    String name = freshName();
    String requests = "[%s,%s]".formatted(LINE, LINE);
    Response first =
        json(
            key,
            "/v1/tasks",
            "{\"name\":\"%s\",\"max_attempts\":2,\"requests\":%s}".formatted(name, requests));
    expect(first, 202);

    // When
    Response again =
        json(
            key,
            "/v1/tasks",
            "{ \"requests\":%s, \"max_attempts\": 2,\n\"name\":\"%s\"}".formatted(requests, name));

    // Then
    isReplayOf(first, again);
  }

  @Test
  void an_empty_task_is_made_once() {
    // Given
    String key = freshKey();
    String body = "{\"name\":\"%s\"}".formatted(freshName());
    Response first = json(key, "/v1/tasks", body);
    expect(first, 201);

    // When
    Response again = json(key, "/v1/tasks", body);

    // Then
    isReplayOf(first, again);
  }

  @Test
  void lines_are_appended_once() {
    // Given
    String key = freshKey();
    String path = "/v1/tasks/" + open() + "/requests";
    Response first = lines(key, path, LINES);
    expect(first, 200);

    // When
    Response again = lines(key, path, LINES);

    // Then
    isReplayOf(first, again);
    assertThat(again.asString()).isEqualTo("{\"accepted\":2,\"total\":2}");
    expect(lines(freshKey(), path, request("c")), 200);
  }

  @Test
  void json_is_appended_once() {
    // Given
    String key = freshKey();
    String path = "/v1/tasks/" + open() + "/requests";
    Response first = json(key, path, "[" + LINE + "]");
    expect(first, 200);

    // When
    Response again = json(key, path, "[" + LINE + "]");

    // Then
    isReplayOf(first, again);
    assertThat(get(path.replace("/requests", "")).jsonPath().getInt("counts.total")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"submit", "upload", "refresh", "cancel"})
  void an_action_is_done_once(String action) {
    // Given
    String key = freshKey();
    String path = "/v1/tasks/" + running() + "/" + action;
    Response first = post(key, path);
    assertThat(first.statusCode()).as(first.asString()).isBetween(200, 202);
    String before = Rows.stored();

    // When
    Response again = post(key, path);

    // Then
    isReplayOf(first, again);
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void a_retry_that_was_answered_is_not_done_again_though_the_task_is_over_again() {
    // Given
    String key = freshKey();
    String name = running();
    Rows.complete(name);
    Response first = post(key, "/v1/tasks/" + name + "/retry");
    expect(first, 202);
    Rows.complete(name);

    // When
    Response again = post(key, "/v1/tasks/" + name + "/retry");

    // Then
    isReplayOf(first, again);
    assertThat(get("/v1/tasks/" + name).jsonPath().getString("state")).isEqualTo("completed");
  }

  @Test
  void an_answer_is_repeated_though_the_task_is_gone() {
    // Given
    String key = freshKey();
    String name = freshName();
    String path = "/v1/tasks?name=" + name;
    Response first = lines(key, path, LINES);
    expect(first, 202);
    Rows.run("DELETE FROM task WHERE name = '%s'".formatted(name));

    // When
    Response again = lines(key, path, LINES);

    // Then
    isReplayOf(first, again);
    expect(get("/v1/tasks/" + name), 404);
  }

  @Test
  void without_a_key_nothing_is_stored() {
    // Given
    String name = open();
    expect(post("/v1/tasks/" + name + "/cancel"), 202);

    // When
    Response again = post("/v1/tasks/" + name + "/cancel");

    // Then
    expect(again, 202);
    assertThat(again.header(REPLAYED)).isNull();
    assertThat(Rows.one("SELECT count(*) FROM idempotent_call WHERE location LIKE '%" + name + "'"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "\"%s\"", " \"%s\" "})
  void a_key_with_and_without_quotes_is_one_key(String form) {
    // Given
    String key = freshKey();
    String path = "/v1/tasks/" + running() + "/cancel";
    expect(call().header("Idempotency-Key", key).post(path), 202);

    // When
    Response again = call().header("Idempotency-Key", form.formatted(bare(key))).post(path);

    // Then
    assertThat(again.header(REPLAYED)).isEqualTo("true");
  }

  // --------------------------------------------------------------------------- another call's key

  @Test
  void a_key_with_other_lines_is_refused_and_nothing_is_stored() {
    // Given
    String key = freshKey();
    String name = freshName();
    expect(lines(key, "/v1/tasks?name=" + name, LINES), 202);
    String before = Rows.stored();

    // When
    Response other = lines(key, "/v1/tasks?name=" + name, LINES + request("c"));

    // Then
    isProblem(other, 422, "idempotency-key-reused");
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void a_key_with_other_settings_is_refused() {
    // Given
    String key = freshKey();
    String name = freshName();
    expect(lines(key, "/v1/tasks?name=" + name, LINES), 202);

    // When
    Response other = lines(key, "/v1/tasks?name=" + name + "&batch_size=1", LINES);

    // Then
    isProblem(other, 422, "idempotency-key-reused");
  }

  @Test
  void a_key_with_other_members_is_refused() {
    // Given
    String key = freshKey();
    String name = freshName();
    expect(json(key, "/v1/tasks", "{\"name\":\"%s\"}".formatted(name)), 201);

    // When
    Response other = json(key, "/v1/tasks", "{\"name\":\"%s\",\"auto\":false}".formatted(name));

    // Then
    isProblem(other, 422, "idempotency-key-reused");
  }

  @Test
  void a_key_for_another_task_is_refused() {
    // Given
    String key = freshKey();
    String other = running();
    expect(post(key, "/v1/tasks/" + running() + "/cancel"), 202);

    // When
    Response refused = post(key, "/v1/tasks/" + other + "/cancel");

    // Then
    isProblem(refused, 422, "idempotency-key-reused");
    assertThat(get("/v1/tasks/" + other).jsonPath().getString("state")).isEqualTo("running");
  }

  @Test
  void keys_of_one_route_do_not_clash_with_those_of_another() {
    // Given
    String key = freshKey();
    String name = freshName();

    // When
    var answers =
        Stream.of(
                lines(key, "/v1/tasks?name=" + name + "&auto=false", LINES),
                lines(key, "/v1/tasks/" + name + "/requests", request("c")),
                post(key, "/v1/tasks/" + name + "/upload"),
                post(key, "/v1/tasks/" + name + "/submit"),
                post(key, "/v1/tasks/" + name + "/refresh"),
                post(key, "/v1/tasks/" + name + "/cancel"))
            .toList();

    // Then
    assertThat(answers)
        .extracting(Response::statusCode)
        .containsExactly(202, 200, 202, 202, 200, 202);
    assertThat(answers).allSatisfy(a -> assertThat(a.header(REPLAYED)).isNull());
  }

  // ------------------------------------------------------------------------------------ failures

  @Test
  void a_call_that_was_refused_leaves_its_key_free() {
    // Given
    String key = freshKey();
    String name = freshName();
    isProblem(lines(key, "/v1/tasks?name=" + name, "no json"), 422, "bad-lines");
    isProblem(lines(key, "/v1/tasks?name=" + name + "&auto=maybe", LINES), 422, "bad-request");

    // When
    Response first = lines(key, "/v1/tasks?name=" + name, LINES);

    // Then
    expect(first, 202);
    assertThat(first.header(REPLAYED)).isNull();
  }

  @Test
  void an_action_that_was_refused_is_done_when_it_can_be() {
    // Given
    String key = freshKey();
    String name = running();
    isProblem(post(key, "/v1/tasks/" + name + "/retry"), 409, "wrong-state");
    Rows.complete(name);

    // When
    Response done = post(key, "/v1/tasks/" + name + "/retry");

    // Then
    expect(done, 202);
  }

  /// As a death before the commit: all was prepared, nothing was done.
  @Test
  void a_commit_that_fails_changes_nothing_and_leaves_the_key_free() {
    // Given
    String key = freshKey();
    String name = freshName();
    String before = Rows.stored();
    Rows.run(
        """
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'died'; END $$;
        CREATE CONSTRAINT TRIGGER dies AFTER UPDATE ON idempotent_call DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW WHEN (NEW.key = '%s') EXECUTE FUNCTION die()\
        """
            .formatted(bare(key)));
    Response failed = lines(key, "/v1/tasks?name=" + name, LINES);
    Rows.run("DROP TRIGGER dies ON idempotent_call; DROP FUNCTION die()");
    expect(failed, 500);
    assertThat(Rows.stored()).isEqualTo(before);

    // When
    Response first = lines(key, "/v1/tasks?name=" + name, LINES);

    // Then
    expect(first, 202);
    assertThat(first.header(REPLAYED)).isNull();
  }

  // ------------------------------------------------------------------------- at the same time

  @Test
  void several_at_once_make_one_task() throws InterruptedException {
    // Given
    String key = freshKey();
    String name = freshName();

    // When
    Callable<Response> caller = () -> lines(key, "/v1/tasks?name=" + name + "&batch_size=1", LINES);
    List<Response> answers;
    try (var callers = Executors.newFixedThreadPool(6)) {
      answers =
          callers.invokeAll(Collections.nCopies(6, caller)).stream()
              .map(Future::resultNow)
              .toList();
    }

    // Then
    assertThat(answers).extracting(Response::statusCode).isSubsetOf(202, 409).contains(202);
    assertThat(answers.stream().filter(a -> a.statusCode() == 202))
        .filteredOn(a -> a.header(REPLAYED) == null)
        .hasSize(1);
    answers.stream()
        .filter(a -> a.statusCode() == 409)
        .forEach(a -> {
          isProblem(a, 409, "idempotency-in-progress");
          assertThat(a.header("Retry-After")).isEqualTo("2");
        });
    isReplayOf(
        answers.stream()
            .filter(a -> a.statusCode() == 202 && a.header(Idempotency.REPLAYED) == null)
            .findFirst()
            .orElseThrow(),
        lines(key, "/v1/tasks?name=" + name + "&batch_size=1", LINES));
  }

  @Test
  void a_call_of_a_process_that_is_silent_is_taken_over_when_its_lease_is_over() {
    // Given
    String key = freshKey();
    String name = running();
    reservedElsewhere(key, "/v1/tasks/{name}/cancel", "other@elsewhere#1", "1 hour");
    isProblem(post(key, "/v1/tasks/" + name + "/cancel"), 409, "idempotency-in-progress");
    Rows.run(
        "UPDATE idempotent_call SET expires_at = now() - interval '1 s' WHERE key = '%s'"
            .formatted(bare(key)));

    // When
    Response done = post(key, "/v1/tasks/" + name + "/cancel");

    // Then
    expect(done, 202);
    assertThat(done.header(REPLAYED)).isNull();
  }

  @Test
  void a_call_of_a_process_of_this_machine_that_was_killed_is_taken_over_at_once() {
    // Given
    String key = freshKey();
    String name = running();
    String dead = replica.name().replaceFirst("^\\d+", "999999999");
    reservedElsewhere(key, "/v1/tasks/{name}/cancel", dead, "1 hour");

    // When
    Response done = post(key, "/v1/tasks/" + name + "/cancel");

    // Then
    expect(done, 202);
  }

  // -------------------------------------------------------------------------------------- expiry

  @Test
  void an_answer_expires() {
    // Given
    String key = freshKey();
    String path = "/v1/tasks/" + running() + "/cancel";
    Instant before = clock.instant();
    expect(post(key, path), 202);
    Instant after = clock.instant();
    Duration week = Duration.ofDays(7);
    assertThat(
            Rows.one(
                "SELECT expires_at BETWEEN '%s' AND '%s' FROM idempotent_call WHERE key = '%s'"
                    .formatted(before.plus(week), after.plus(week), bare(key))))
        .isEqualTo("t");
    Rows.run(
        "UPDATE idempotent_call SET expires_at = now() - interval '1 s' WHERE key = '%s'"
            .formatted(bare(key)));

    // When
    Response again = post(key, path);

    // Then
    expect(again, 202);
    assertThat(again.header(REPLAYED)).isNull();
  }

  @Test
  void the_collector_removes_expired_calls_and_nothing_else() {
    // Given
    String kept = freshKey();
    String expired = freshKey();
    String silent = freshKey();
    String path = "/v1/tasks/" + running() + "/cancel";
    expect(post(kept, path), 202);
    expect(post(expired, path), 202);
    reservedElsewhere(silent, "/elsewhere", "other@elsewhere#1", "-1 hour");
    Rows.run(
        "UPDATE idempotent_call SET expires_at = now() - interval '1 s' WHERE key = '%s'"
            .formatted(bare(expired)));

    // When
    orphanBlobCollector.collect().await().atMost(Duration.ofSeconds(10));

    // Then
    assertThat(
            Rows.one(
                "SELECT string_agg(key, ' ' ORDER BY key = '%1$s') FROM idempotent_call WHERE key IN ('%1$s', '%2$s', '%3$s')"
                    .formatted(bare(kept), bare(expired), bare(silent))))
        .isEqualTo(bare(silent) + " " + bare(kept));
  }

  // -------------------------------------------------------------------------------- hostile keys

  static Stream<String> noKeys() {
    return Stream.of(
        "",
        " ",
        "\"\"",
        "\"",
        "\"a",
        "a\"",
        "\"a\"b\"",
        "\"a\\b\"",
        "\"a\\\"",
        "a b",
        "a,b",
        "\"a\", \"b\"",
        "\"a\";q=1",
        "a;q=1",
        "a\\b",
        "\"a\tb\"",
        "\"\u00e9\"",
        "k".repeat(256),
        "\"" + "k".repeat(256) + "\"",
        "\"" + "\\\"".repeat(256) + "\"",
        "\"" + "k".repeat(9_000) + "\"",
        "\"" + "\\\"".repeat(4_000));
  }

  @ParameterizedTest
  @MethodSource("noKeys")
  void an_invalid_key_is_refused_and_nothing_is_done(String value) {
    // Given
    String name = running();

    // When
    Response refused =
        call().header("Idempotency-Key", value).post("/v1/tasks/" + name + "/cancel");

    // Then
    isProblem(refused, 400, "bad-idempotency-key");
    assertThat(get("/v1/tasks/" + name).jsonPath().getString("state")).isEqualTo("running");
  }

  @Test
  void two_keys_are_refused() {
    // When
    Response refused =
        call()
            .header("Idempotency-Key", "\"a\"")
            .header("Idempotency-Key", "\"b\"")
            .post("/v1/tasks/" + running() + "/cancel");

    // Then
    isProblem(refused, 400, "bad-idempotency-key");
  }

  static Stream<String> keys() {
    return Stream.of(
        "\"" + UUID.randomUUID() + "k".repeat(219) + "\"",
        "\"%s \\\" \\\\ ' OR 1=1; -- \"".formatted(UUID.randomUUID()),
        "\"%s,;[]{}()\"".formatted(UUID.randomUUID()),
        "%s+/=:.~!$&'()*".formatted(UUID.randomUUID()));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void any_printable_key_will_do(String value) {
    // Given
    String path = "/v1/tasks/" + running() + "/cancel";
    expect(call().header("Idempotency-Key", value).post(path), 202);

    // When
    Response again = call().header("Idempotency-Key", value).post(path);

    // Then
    expect(again, 202);
    assertThat(again.header(REPLAYED)).isEqualTo("true");
  }

  // ---------------------------------------------------------------------------------- small help

  private static void isReplayOf(Response first, Response again) {
    assertThat(again.statusCode()).as(again.asString()).isEqualTo(first.statusCode());
    assertThat(again.asString()).isEqualTo(first.asString());
    assertThat(again.contentType()).isEqualTo(first.contentType());
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(first.header(REPLAYED)).isNull();
    assertThat(again.header(REPLAYED)).isEqualTo("true");
  }

  private static void isProblem(Response response, int status, String type) {
    var _ = Http.problem(response, status, type);
  }

  private static void reservedElsewhere(String key, String route, String holder, String forHow) {
    Rows.run(
        """
        INSERT INTO idempotent_call (owner, method, route, key, token, holder, expires_at)
        VALUES ('default', 'POST', '%s', '%s', gen_random_uuid(), '%s', now() + interval '%s')\
        """
            .formatted(route, bare(key), holder, forHow));
  }

  private static String freshKey() {
    return "\"" + UUID.randomUUID() + "\"";
  }

  private static String bare(String key) {
    return key.substring(1, key.length() - 1);
  }

  private static Response lines(String key, String path, String body) {
    return call()
        .header("Idempotency-Key", key)
        .contentType("application/x-ndjson")
        .body(body.getBytes(UTF_8))
        .post(path);
  }

  private static Response json(String key, String path, String body) {
    return call()
        .header("Idempotency-Key", key)
        .contentType("application/json")
        .body(body.getBytes(UTF_8))
        .post(path);
  }

  private static Response post(String key, String path) {
    return call().header("Idempotency-Key", key).post(path);
  }

  private static Response post(String path) {
    return Http.post(path);
  }
}
