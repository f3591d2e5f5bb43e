package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Batches and files at the provider that should not be there, and those that should.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowAuditTest extends FlowAccount {

  private static final Duration LEASE = Duration.ofSeconds(120);
  private static final Duration GRACE = Duration.ofHours(1);

  /// All attempts of a read.
  private static final int TRIES = 4;

  @Inject Claims claims;
  @Inject MeterRegistry meters;

  // --------------------------------------------------------------------------------- batches

  @Test
  void a_batch_that_was_made_after_its_attempt_was_given_up_is_cancelled() {
    // Given
    submit(5);
    faults().next(refused(400), Operation.CREATE);
    tick();
    assertThat(partitionState()).isEqualTo("ready");
    String late = batchOf(tag(1));

    // When
    audit();
    audit();

    // Then
    assertThat(statusOf(late)).isEqualTo("cancelling");
    assertThat(found(late)).containsExactly("LATE_CREATE");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_second_batch_of_an_attempt_is_cancelled_and_the_first_goes_on() {
    // Given
    submit(5);
    tick();
    String twin = batchOf(tag(1));

    // When
    audit();

    // Then
    assertThat(statusOf(twin)).isEqualTo("cancelling");
    assertThat(found(twin)).containsExactly("DOUBLE_BATCH");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_batch_of_ours_without_a_record_is_cancelled_and_counted_once() {
    // Given
    String orphan = batchOf(unknownTag());
    double before = alarms();

    // When
    audit();
    audit();

    // Then
    assertThat(statusOf(orphan)).isEqualTo("cancelling");
    assertThat(found(orphan)).containsExactly("ORPHAN_BATCH");
    assertThat(alarms()).isGreaterThan(before);
  }

  @Test
  void a_batch_that_is_over_is_left_alone_when_its_task_is_gone() {
    // Given
    String orphan = batchOf(unknownTag());
    clock.advance(Duration.ofMinutes(5));
    assertThat(statusOf(orphan)).isEqualTo("completed");

    // When
    audit();

    // Then
    assertThat(found(orphan)).isEmpty();
  }

  @Test
  void batches_of_others_are_never_touched() {
    // Given
    var others =
        Stream.of(
                "",
                "0123456789ab/" + UUID.randomUUID() + "/1",
                deployment() + "x/" + UUID.randomUUID() + "/1",
                deployment(),
                deployment() + "/nightly/1",
                deployment() + "/" + UUID.randomUUID() + "/1/2",
                deployment() + "/" + UUID.randomUUID() + "/01")
            .map(this::batchOf)
            .toList();

    // When
    audit();

    // Then
    assertThat(others)
        .allSatisfy(batch -> {
          assertThat(statusOf(batch)).isEqualTo("validating");
          assertThat(found(batch)).isEmpty();
        });
  }

  @Test
  void an_audit_at_any_moment_of_a_task_disturbs_nothing() {
    // Given
    submit(5);
    faults().next(new Fault.TooLate(Duration.ofMillis(500)), Operation.UPLOAD);
    faults().next(new Fault.LostReply(), Operation.CREATE);
    var slow = tickElsewhere();
    eventually(() -> partitions().size() == 1 && partitionState().equals("uploading"));

    // When
    audit();
    slow.join();
    runUntil(() -> {
      auditIsDue();
      return !state().equals("running");
    });

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
    assertThat(found(started().getFirst().batch())).isEmpty();
    assertThat(found(started().getFirst().inputFileId())).isEmpty();
  }

  // ----------------------------------------------------------------------------------- files

  @Test
  void a_file_that_nothing_needs_is_deleted_after_the_grace() {
    // Given
    String orphan = fileOf(unknownTag());
    clock.advance(GRACE.minusSeconds(5));
    audit();
    assertThat(isThere(orphan)).isTrue();

    // When
    clock.advance(Duration.ofSeconds(10));
    audit();

    // Then
    assertThat(isThere(orphan)).isFalse();
    assertThat(found(orphan)).containsExactly("ORPHAN_FILE");
  }

  @Test
  void a_second_file_of_an_attempt_is_deleted_and_the_first_is_kept() {
    // Given
    submit(5);
    tick();
    String twin = fileOf(tag(1));
    String needed = started().getFirst().inputFileId();
    clock.advance(GRACE.plusSeconds(1));

    // When
    faults().always(new Fault.StuckIn("in_progress"));
    audit();

    // Then
    assertThat(isThere(twin)).isFalse();
    assertThat(isThere(needed)).isTrue();
  }

  @Test
  void files_of_others_are_never_touched() {
    // Given
    var others =
        Stream.of(
                "mine",
                "0123456789ab/" + UUID.randomUUID() + "/1",
                deployment() + "/requests/1",
                "x" + deployment() + "/" + UUID.randomUUID() + "/1")
            .map(this::fileOf)
            .toList();
    clock.advance(Duration.ofDays(2));

    // When
    audit();

    // Then
    assertThat(others).allSatisfy(file -> assertThat(isThere(file)).isTrue());
  }

  @Test
  void the_file_of_a_batch_that_still_runs_is_not_deleted() {
    // Given
    String orphan = batchOf(unknownTag());
    String file =
        ledger().started().stream()
            .filter(started -> started.batch().equals(orphan))
            .findFirst()
            .orElseThrow()
            .inputFileId();

    // When
    faults().next(refused(500), Operation.CANCEL);
    audit();
    clock.advance(Duration.ofSeconds(30));

    // Then
    assertThat(found(orphan)).containsExactly("ORPHAN_BATCH");
    assertThat(isThere(file)).isTrue();
    audit();
    assertThat(statusOf(orphan)).isEqualTo("cancelling");
  }

  @Test
  void files_of_an_attempt_that_is_over_go_after_a_day_and_the_results_stay() {
    // Given
    submit(5);
    run();
    clock.advance(Duration.ofHours(23));
    audit();
    assertThat(filesLeft()).isEqualTo(2);

    // When
    clock.advance(Duration.ofHours(2));
    audit();

    // Then
    assertThat(filesLeft()).isZero();
    assertThat(notCleaned()).isZero();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_file_that_could_not_be_deleted_is_deleted_at_the_next_audit() {
    // Given
    submit(5);
    run();
    clock.advance(Duration.ofHours(25));
    String file = started().getFirst().inputFileId();
    faults().add(new FaultRule(refused(500), Set.of(Operation.DELETE), 1, 0, file));

    // When
    audit();
    long left = notCleaned();
    audit();

    // Then
    assertThat(left).isEqualTo(1);
    assertThat(notCleaned()).isZero();
    assertThat(filesLeft()).isZero();
  }

  @Test
  void a_delete_whose_reply_was_lost_is_made_again_and_finds_nothing() {
    // Given
    submit(5);
    run();
    clock.advance(Duration.ofHours(25));
    faults()
        .add(
            new FaultRule(
                new Fault.LostReply(),
                Set.of(Operation.DELETE),
                1,
                0,
                started().getFirst().inputFileId()));

    // When
    audit();
    long left = notCleaned();
    audit();

    // Then
    assertThat(left).isEqualTo(1);
    assertThat(notCleaned()).isZero();
    assertThat(filesLeft()).isZero();
  }

  @Test
  void files_that_were_deleted_by_a_worker_that_died_before_recording_it_count_as_gone() {
    // Given
    submit(5);
    run();
    clock.advance(Duration.ofHours(25));
    for (String file : remoteFiles()) {
      await(() -> provider().delete(file));
    }

    // When
    audit();

    // Then
    assertThat(notCleaned()).isZero();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_worker_that_dies_between_two_files_leaves_the_second_to_the_next() {
    // Given
    submit(5);
    run();
    clock.advance(Duration.ofHours(25));
    await(() -> provider().delete(started().getFirst().inputFileId()));
    auditIsDue();
    var _ = await(() -> claims.claimDue(clock.instant(), "dying", LEASE, List.of("simulator"), 4));
    tick();
    assertThat(filesLeft()).isEqualTo(1);

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();

    // Then
    assertThat(filesLeft()).isZero();
    assertThat(notCleaned()).isZero();
  }

  @Test
  void the_file_of_errors_goes_with_the_others() {
    // Given
    faults().next(new Fault.RowStatus(400, RowSelection.rows(1)));
    submit(5);
    run();
    assertThat(remoteFiles()).hasSize(3);
    clock.advance(Duration.ofHours(25));

    // When
    audit();

    // Then
    assertThat(filesLeft()).isZero();
    assertThat(notCleaned()).isZero();
  }

  @Test
  void the_file_of_an_attempt_that_came_to_nothing_goes_after_a_day_too() {
    // Given
    submit(5);
    faults().next(new Fault.FailedWithoutLine("invalid_request"), Operation.WORK);
    run();
    everyRequestHasOneResult(5, 0, 0);
    assertThat(remoteFiles()).hasSizeGreaterThanOrEqualTo(3);
    clock.advance(Duration.ofHours(25));

    // When
    audit();

    // Then
    assertThat(filesLeft()).isZero();
    assertThat(notCleaned()).isZero();
  }

  @Test
  void answers_that_are_not_stored_yet_are_kept_however_old_they_are() {
    // Given
    submit(5);
    tick();
    faults().add(new FaultRule(refused(429), Set.of(Operation.CONTENT), 0, 0, null));
    runUntil(() -> partitionState().equals("ended"));
    clock.advance(Duration.ofDays(3));

    // When
    audit();
    faults().clear();

    // Then
    assertThat(filesLeft()).isEqualTo(2);
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  // ------------------------------------------------------------------------------- the auditors

  @Test
  void an_audit_that_is_broken_off_halfway_is_made_again() {
    // Given
    String batch = batchOf(unknownTag());
    String file = fileOf(unknownTag());
    faults().next(TRIES, refused(500), Operation.LIST_FILES);

    // When
    audit();
    clock.advance(GRACE.plusSeconds(1));
    tick();

    // Then
    assertThat(found(batch)).containsExactly("ORPHAN_BATCH");
    assertThat(isThere(file)).isFalse();
  }

  @Test
  void an_account_is_audited_by_one_worker_at_a_time() {
    // Given
    String orphan = batchOf(unknownTag());
    auditIsDue();
    Claim other =
        await(() -> claims.claimDue(clock.instant(), "other", LEASE, List.of("simulator"), 4))
            .getFirst();

    // When
    tick();

    // Then
    assertThat(other.kind()).isEqualTo(Claim.Kind.ACCOUNT);
    assertThat(found(orphan)).isEmpty();
    clock.advance(LEASE.plusMillis(1));
    String another = batchOf(unknownTag());
    CompletableFuture.allOf(tickElsewhere(), tickElsewhere()).join();
    assertThat(found(another)).hasSize(1);
    assertThat(statusOf(another)).isEqualTo("cancelling");
  }

  @Test
  void a_finding_stays_as_it_was_written() {
    // Given
    String orphan = batchOf(unknownTag());
    audit();

    // Then
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> sql("DELETE FROM audit_event WHERE remote_id = $1", orphan)))
        .hasMessageContaining("append only");
  }

  private double alarms() {
    return meters
        .counter("arctic.audit.findings", "provider", "simulator", "kind", "orphan_batch")
        .count();
  }

  /// Of the test's task: what it has sent, and the answers.
  private long filesLeft() {
    return remoteFiles().stream().filter(this::canBeDownloaded).count();
  }

  private List<String> remoteFiles() {
    return sql(
            """
            SELECT a.remote_file_id, a.answer_files FROM attempt a
              JOIN partition p ON p.id = a.partition_id JOIN task t ON t.id = p.task_id WHERE t.name = $1\
            """,
            task)
        .stream()
        .flatMap(row -> Stream.of(row.getString(0), row.getString(1)))
        .filter(java.util.Objects::nonNull)
        .flatMap(files -> Stream.of(files.split(" ")))
        .toList();
  }

  private boolean canBeDownloaded(String file) {
    return await(() ->
        provider()
            .download(file)
            .collect()
            .last()
            .replaceWith(true)
            .onFailure()
            .recoverWithItem(false));
  }

  private long notCleaned() {
    return sql("SELECT count(*) FROM attempt WHERE files_deleted_at IS NULL").getFirst().getLong(0);
  }
}
