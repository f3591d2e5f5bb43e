package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.store.Ledger;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Fail-overs that make the database lose what was committed last: what the provider has is found
/// before anything is begun again.
@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowFailoverRecoveryTest extends FlowAccount {

  /// All attempts of a read.
  private static final int TRIES = 4;

  private static final String LOSE_ALL =
      """
      UPDATE partition SET state = 'READY', attempt = 0, remote_file_id = NULL, remote_batch_id = NULL,
             creating_at = NULL, due_at = created_at, lease_token = NULL, lease_until = NULL WHERE id = '%s'\
      """;

  private static final String LOSE_THE_CREATE =
      """
      UPDATE partition SET state = 'UPLOADING', remote_file_id = NULL, remote_batch_id = NULL,
             creating_at = NULL, due_at = created_at, lease_token = NULL, lease_until = NULL WHERE id = '%s'\
      """;

  @AfterEach
  void theOldTimelineIsBack() {
    FailOver.undo(pool);
  }

  @Test
  void a_batch_that_the_database_has_lost_is_adopted_and_not_made_again() {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofSeconds(10));
    loseTheAttempt();
    lose(LOSE_ALL);

    // When
    FailOver.to(pool, FailOver.NEXT);
    tick();

    // Then
    oneBatchWasStarted();
    assertThat(isOpen()).isFalse();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
    assertThat(events()).contains("partition.recalled");
    assertThat(found(started().getFirst().batch())).containsExactly("RECALLED_BATCH");
    assertThat(isOpen()).isTrue();
  }

  @Test
  void without_the_recovery_a_lost_batch_is_paid_for_twice() {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofSeconds(10));
    loseTheAttempt();
    lose(LOSE_ALL);
    FailOver.to(pool, FailOver.NEXT);

    // When
    openTheAccount();
    run();

    // Then
    assertThat(started()).hasSize(2);
    assertThat(started()).allSatisfy(b -> assertThat(statusOf(b.batch())).isEqualTo("completed"));
    assertThat(billed().values()).containsOnly(2);
  }

  @Test
  void a_batch_whose_create_the_database_has_lost_is_adopted() {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofSeconds(10));
    attemptIs("INTENT");
    lose(LOSE_THE_CREATE);

    // When
    FailOver.to(pool, FailOver.NEXT);
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_later_attempt_than_the_one_that_runs_as_far_as_we_know_is_adopted() {
    // Given
    submit(5);
    faults().next(new Fault.FailedWithoutLine("odd"));
    runUntil(() -> started().size() == 2);
    clock.advance(Duration.ofSeconds(10));
    String first = started().getFirst().batch();
    unguarded("DELETE FROM attempt WHERE n = 2");
    unguarded(
        "UPDATE attempt SET state = 'CREATED', ended_at = NULL, remote_batch_id = '" + first + "'");
    lose(
        "UPDATE partition SET state = 'SUBMITTED', attempt = 1, refusals = 0, remote_batch_id = '"
            + first
            + "' WHERE id = '%s'");

    // When
    FailOver.to(pool, FailOver.NEXT);
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    assertThat(started()).hasSize(2);
  }

  @Test
  void a_lost_file_is_deleted_so_that_a_create_which_is_on_its_way_does_nothing() {
    // Given
    submit(5);
    faults().next(new Fault.TooLate(Duration.ofMillis(800)), Operation.UPLOAD);
    var zombie = tickElsewhere();
    eventually(() -> partitions().size() == 1 && !uploaded(tag(1)).isEmpty());
    String file = uploaded(tag(1));
    var itsSubmission = submission(tag(1));
    loseTheAttempt();
    lose(LOSE_ALL);

    // When
    FailOver.to(pool, FailOver.NEXT);
    tick();

    // Then
    assertThat(isThere(file)).isFalse();
    assertThat(catchThrowable(() -> await(() -> provider().create(itsSubmission, file))))
        .hasMessageContaining("No such File");
    zombie.join();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_list_that_lags_is_waited_for() {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofSeconds(10));
    loseTheAttempt();
    lose(LOSE_ALL);
    faults().always(new Fault.ListLag(Duration.ofSeconds(60)), Operation.LIST_BATCHES);

    // When
    FailOver.to(pool, FailOver.NEXT);
    tick();
    assertThat(partitionState()).isEqualTo("ready");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_recovery_that_is_broken_off_anywhere_goes_on() {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofSeconds(10));
    loseTheAttempt();
    lose(LOSE_ALL);
    FailOver.to(pool, FailOver.NEXT);

    // When
    faults().next(TRIES, refused(500), Operation.LIST_BATCHES);
    tick();
    assertThat(fences()).isZero();
    faults().next(TRIES, refused(500), Operation.LIST_FILES);
    waitForTheNextMove();
    tick();
    assertThat(fences()).isZero();
    waitForTheNextMove();
    tick();
    assertThat(fences()).isEqualTo(1);
    faults().next(TRIES, refused(500), Operation.LIST_FILES);
    waitForTheNextMove();
    tick();
    assertThat(isOpen()).isFalse();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void an_upload_that_its_caller_holds_is_made_again() {
    // Given
    submit(5, "auto=false");
    say("upload");
    tick();
    String file = uploaded(tag(1));

    // When
    FailOver.to(pool, FailOver.NEXT);
    tick();
    waitForTheNextMove();
    tick();
    tick();

    // Then
    assertThat(isThere(file)).isFalse();
    assertThat(partitionState()).isEqualTo("uploading");
    assertThat(started()).isEmpty();
    say("submit");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_fail_over_that_loses_nothing_costs_a_wait_only() {
    // Given
    submit(24, "batch_size=4");
    tick();

    // When
    FailOver.to(pool, FailOver.NEXT);
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(24);
    assertThat(started()).hasSize(6);
    assertThat(events()).doesNotContain("partition.recalled");
  }

  @Test
  void nothing_is_begun_before_the_account_is_recovered() {
    // Given
    FailOver.to(pool, FailOver.NEXT);
    submit(5);

    // When
    tick();
    clock.advance(Duration.ofSeconds(119));
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("ready");
    assertThat(started()).isEmpty();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_batch_whose_partition_the_database_has_lost_is_adopted_when_the_task_is_split_again() {
    // Given
    submit(24, "batch_size=4");
    tick();
    clock.advance(Duration.ofSeconds(10));
    loseTheSplit();

    // When
    FailOver.to(pool, FailOver.NEXT);
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(24);
    assertThat(started()).hasSize(6);
    assertThat(events()).contains("partition.recalled");
  }

  @Test
  void a_task_that_cannot_be_split_does_not_delay_the_recovery_for_ever() {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofSeconds(10));
    unguarded(
        "UPDATE task SET due_at = created_at, lease_token = gen_random_uuid(), lease_until = created_at + interval '1 day'");

    // When
    FailOver.to(pool, FailOver.NEXT);
    tick();
    assertThat(fences()).isZero();
    clock.advance(Duration.ofSeconds(121));
    tick();

    // Then
    assertThat(fences()).isEqualTo(1);
  }

  // ------------------------------------------------------------------------ a database that loses

  private void loseTheAttempt() {
    unguarded("DELETE FROM attempt WHERE partition_id = '%s'".formatted(partitionId()));
  }

  /// The task is as it was when its caller got the answer.
  private void loseTheSplit() {
    unguarded("DELETE FROM attempt");
    unguarded("DELETE FROM partition");
    unguarded("UPDATE task SET split = false, partitions = 0, due_at = submitted_at");
  }

  private void attemptIs(String state) {
    unguarded(
        """
        UPDATE attempt SET state = '%s', remote_file_id = NULL, remote_batch_id = NULL WHERE partition_id = '%s'\
        """
            .formatted(state, partitionId()));
  }

  private void lose(String sql) {
    unguarded(sql.formatted(partitionId()));
  }

  private UUID partitionId() {
    return tag(1).partition();
  }

  /// Past the triggers, as only the loss of the log can.
  private void unguarded(String sql) {
    var _ =
        pool.withTransaction(connection ->
                connection
                    .query("SET LOCAL session_replication_role = replica")
                    .execute()
                    .chain(() -> connection.query(sql).execute()))
            .await()
            .atMost(Duration.ofSeconds(20));
  }

  private boolean isOpen() {
    return sql("SELECT timeline = wal_timeline() FROM provider_account WHERE provider = 'simulator'")
        .getFirst()
        .getBoolean(0);
  }

  private int fences() {
    return sql("SELECT fences FROM provider_account WHERE provider = 'simulator'")
        .getFirst()
        .getInteger(0);
  }

  /// The file that was uploaded for an attempt; empty while there is none.
  private String uploaded(Object tag) {
    return ledger().entries().stream()
        .filter(entry -> entry.event().equals("file_uploaded"))
        .map(Ledger.Entry::detail)
        .filter(file ->
            file.path("filename").asText().equals(tag.toString().replace('/', '_') + ".jsonl"))
        .map(file -> file.path("file").asText())
        .findFirst()
        .orElse("");
  }
}
