package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.lines.BatchLineWriter;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider without free quota, which is waited for and costs no request an attempt.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowQuotaTest extends Flow {

  @Test
  void pauses_grow_while_the_provider_goes_on_rejecting() {
    // Given
    submit(4, "max_attempts=1");
    faults().next(6, new Fault.Refused(429), Operation.CREATE);
    var pauses = new ArrayList<Duration>();

    // When
    tick();
    while (waitsFor().equals("quota")) {
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
    faults().next(2, new Fault.Refused(429), Operation.UPLOAD);
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
      value = Operation.class,
      names = {"UPLOAD", "CREATE", "RETRIEVE", "CONTENT"})
  void throttling_of_any_call_costs_no_attempt(Operation operation) {
    // Given
    submit(4, "max_attempts=1");
    faults().next(7, new Fault.Refused(429, "30", false), operation);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(4);
    oneBatchWasStarted();
  }

  @ParameterizedTest
  @CsvSource({"401, credentials", "402, operator", "429, quota"})
  void answers_that_are_paid_for_wait_until_the_provider_answers_again(int status, String reason) {
    // Given: more often than a damaged file is fetched
    submit(4, "max_attempts=1");
    faults().next(9, new Fault.Refused(status), Operation.CONTENT);
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

  // ------------------------------------------------------------------ tokens that are enqueued

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_task_ten_times_over_the_limit_just_takes_longer(boolean atOnce) {
    // Given: quota for three partitions of two requests
    submit(60, "batch_size=2", "max_attempts=1");
    faults().always(new Fault.EnqueuedTokens(3 * tokensOf(2), atOnce));
    var most = new AtomicInteger();

    // When
    runUntil(() -> {
      if (learned().isPresent()) {
        most.accumulateAndGet(inFlight(), Math::max);
      }
      return !state().equals("running");
    });

    // Then
    everyRequestIsAnsweredAndBilledOnce(60);
    assertThat(learned()).hasValue(3 * tokensOf(2));
    assertThat(sql("SELECT 1 FROM partition WHERE refusals > 0 OR tries > 1")).isEmpty();
    assertThat(refusedSince(Instant.EPOCH)).isLessThanOrEqualTo(27);
    assertThat(refusedSince(learnedAt().plusMillis(1))).isZero();
    assertThat(inFlight()).isZero();
    assertThat(events()).filteredOn("partition.held_back"::equals).hasSizeLessThanOrEqualTo(30);
    if (atOnce) {
      assertThat(most).hasValueLessThanOrEqualTo(3);
    }
  }

  @Test
  void once_a_limit_is_known_no_batch_begins_beyond_it_however_many_workers_decide_at_once() {
    // Given: quota for one, and four workers that have all read it before the first is on record
    knownLimit(tokensOf(1));
    park();
    submit(12, "batch_size=1");
    tick();
    say("refresh");
    SqlConnection holdUp = pool.getConnection().await().atMost(Duration.ofSeconds(10));
    run(holdUp, "BEGIN");
    run(holdUp, "LOCK TABLE attempt IN SHARE MODE");

    // When
    var workers = tickElsewhere();
    eventually(() -> waitingForLocks() >= 4);
    run(holdUp, "COMMIT");
    holdUp.close().await().atMost(Duration.ofSeconds(10));
    workers.join();

    // Then
    assertThat(inFlight()).isEqualTo(1);
    run();
    everyRequestIsAnsweredAndBilledOnce(12);
    assertThat(started()).hasSize(12);
  }

  @Test
  void a_task_that_waits_for_quota_says_how_much_there_is_and_when_more_is_expected() {
    // Given
    knownLimit(2 * tokensOf(1));
    submit(5, "batch_size=1");
    tick();
    runUntil(() -> view().path("counts").path("succeeded").asInt() > 0);

    // When
    var waiting = view().path("waiting_for");

    // Then
    assertThat(waiting.path("reason").asText()).isEqualTo("quota");
    assertThat(waiting.path("detail").asText())
        .contains("gpt-test", "%,d input tokens".formatted(2 * tokensOf(1)), "expected");
    assertThat(Instant.parse(waiting.path("until").asText())).isAfter(clock.instant());
    var quota =
        json(given().get("/v1/providers/simulator").then().extract().asString()).path("quota");
    assertThat(quota.get(0).path("model").asText()).isEqualTo("gpt-test");
    assertThat(quota.get(0).path("limit").asLong()).isEqualTo(2 * tokensOf(1));
    assertThat(quota.get(0).path("in_flight").asLong()).isPositive();
    assertThat(quota.get(0).has("learned_at")).isTrue();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_partition_that_waits_for_quota_is_woken_when_a_batch_ends() {
    // Given: no partition would be due again for a day
    knownLimit(tokensOf(1));
    submit(2, "batch_size=1");
    tick();
    var _ =
        sql("UPDATE partition SET due_at = due_at + interval '1 day' WHERE queued_at IS NOT NULL");
    Instant begun = clock.instant();

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(2);
    assertThat(Duration.between(begun, clock.instant())).isLessThan(Duration.ofHours(1));
  }

  @Test
  void a_partition_larger_than_the_limit_goes_alone() {
    // Given
    knownLimit(10);
    submit(3, "batch_size=1");

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(3);
    assertThat(started()).hasSize(3);
  }

  @Test
  void what_waits_longest_goes_first_and_small_ones_do_not_overtake_a_large_one_for_ever() {
    // Given: a large partition waits behind a running one, then small ones come
    knownLimit(tokensOf(4));
    submit(2);
    tick();
    String first = task;
    task = first + "-large";
    clock.advance(Duration.ofMillis(1));
    submit(4);
    tick();
    task = first + "-small";
    clock.advance(Duration.ofMillis(1));
    submit(4, "batch_size=1");

    // When
    run();

    // Then
    assertThat(
            sql(
                """
                SELECT t.name FROM attempt a JOIN partition p ON p.id = a.partition_id JOIN task t ON t.id = p.task_id
                 ORDER BY a.started_at, t.created_at\
                """))
        .extracting(row -> row.getString(0))
        .startsWith(first, first + "-large");
    everyRequestIsAnsweredAndBilledOnce(4);
  }

  @Test
  void a_held_upload_enqueues_nothing_and_asks_for_quota_when_it_goes_on() {
    // Given
    knownLimit(tokensOf(1));
    submit(4, "auto=false", "batch_size=1");
    say("upload");
    tick();
    assertThat(inFlight()).isZero();
    assertThat(waitsFor()).isEqualTo("caller");

    // When
    say("submit");
    tick();

    // Then
    assertThat(inFlight()).isEqualTo(1);
    assertThat(waitsFor()).isEqualTo("quota");
    run();
    everyRequestIsAnsweredAndBilledOnce(4);
    assertThat(started()).hasSize(4);
  }

  @Test
  void a_task_that_is_cancelled_while_it_waits_for_quota_is_over_at_once() {
    // Given
    knownLimit(tokensOf(1));
    submit(4, "batch_size=1");
    tick();

    // When
    say("cancel");
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    assertThat(started()).hasSize(1);
    assertThat(results()).hasSize(4);
  }

  @Test
  void a_learned_limit_is_raised_after_a_while_without_a_refusal() {
    // Given
    knownLimit(10 * tokensOf(1));
    submit(14, "batch_size=1");
    tick();
    assertThat(inFlight()).isEqualTo(10);

    // When
    var _ = sql("UPDATE token_limit SET learned_at = learned_at - interval '61 minutes'");
    say("refresh");
    tick();

    // Then
    assertThat(learned()).hasValue(11 * tokensOf(1));
    assertThat(inFlight()).isEqualTo(11);
    run();
    everyRequestIsAnsweredAndBilledOnce(14);
  }

  @Test
  void a_limit_that_is_configured_holds_from_the_beginning() {
    // Given: a model for which the profile sets one
    submitLines(
        IntStream.range(0, 6).mapToObj(n -> line(n, "gpt-4.small")).reduce("", String::concat),
        "batch_size=1");

    // When
    tick();

    // Then
    assertThat(inFlight()).isEqualTo((int) (150 / tokensOf(1)));
    run();
    everyRequestIsAnsweredAndBilledOnce(6);
    assertThat(refusedSince(Instant.EPOCH)).isZero();
  }

  @Test
  void a_limit_that_the_provider_lowers_is_learned_again() {
    // Given
    knownLimit(20 * tokensOf(1));
    submit(12, "batch_size=1");
    faults().always(new Fault.EnqueuedTokens(2 * tokensOf(1), false));

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(12);
    assertThat(learned().orElseThrow()).isLessThanOrEqualTo(2 * tokensOf(1));
  }

  private void park() {
    var _ =
        sql(
            """
            INSERT INTO provider_account (provider, parked_until, parked_for, parked_because) VALUES ('simulator', $1, 'OPERATOR', 'test')
            ON CONFLICT (provider) DO UPDATE SET parked_until = excluded.parked_until, parked_for = 'OPERATOR', parked_because = 'test'\
            """,
            clock.instant().plusSeconds(3_600).atOffset(ZoneOffset.UTC));
  }

  private static void run(SqlConnection connection, String sql) {
    var _ = connection.query(sql).execute().await().atMost(Duration.ofSeconds(10));
  }

  private long waitingForLocks() {
    return sql("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted").getFirst().getLong(0);
  }

  private void knownLimit(long tokens) {
    var _ =
        sql(
            "INSERT INTO token_limit (provider, model, tokens, learned_at) VALUES ('simulator', 'gpt-test', $1, $2)",
            tokens,
            clock.instant().atOffset(ZoneOffset.UTC));
  }

  /// What a partition of so many requests is estimated at; numbers of two digits are the longest.
  private static long tokensOf(int requests) {
    int body =
        line(10, "gpt-test").strip().length() - "{\"custom_id\":\"r-10\",\"body\":}".length();
    return (long) requests * (body + BatchLineWriter.overhead("/v1/chat/completions")) / 4;
  }

  private OptionalLong learned() {
    return sql("SELECT tokens FROM token_limit WHERE learned_at IS NOT NULL").stream()
        .mapToLong(row -> row.getLong(0))
        .findFirst();
  }

  private Instant learnedAt() {
    return sql("SELECT learned_at FROM token_limit").getFirst().getOffsetDateTime(0).toInstant();
  }

  private int inFlight() {
    return sql("SELECT count(*) FROM partition WHERE state IN ('CREATING', 'RECONCILING', 'SUBMITTED', 'CANCELLING')")
        .getFirst()
        .getInteger(0);
  }

  private long refusedSince(Instant since) {
    return ledger().entries().stream()
        .filter(entry -> entry.event().equals("batch_failed") && !entry.at().isBefore(since))
        .filter(entry -> task.equals(entry.detail().path("metadata").path("arctic_task").asText()))
        .count();
  }

  private Instant nextMove() {
    return Instant.parse(partition().path("next_move_at").asText());
  }
}
