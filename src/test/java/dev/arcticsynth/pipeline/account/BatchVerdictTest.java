package dev.arcticsynth.pipeline.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.task.BatchTag;
import dev.arcticsynth.task.KnownBatchAttempt;
import dev.arcticsynth.task.KnownBatchAttempt.Owner;
import dev.arcticsynth.task.KnownBatchAttempt.Phase;
import dev.arcticsynth.task.PartitionState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is made of a batch at the provider, by what our rows say.
class BatchVerdictTest {

  private static final BatchTag SECOND = new BatchTag("dep", UUID.randomUUID(), 2);
  private static final BatchStatus LIVE = new BatchStatus.InProgress("in_progress", 0, 5, false);
  private static final BatchStatus COMPLETED =
      new BatchStatus.Ended(
          "completed", BatchStatus.How.COMPLETED, List.of("out"), OptionalInt.of(5), false);
  private static final BatchStatus REFUSED = new BatchStatus.Failed("failed", List.of());

  @Test
  void the_batch_on_record_is_right_whatever_else_is_true() {
    for (Phase standing : Phase.values()) {
      var known = known(standing, "batch-1", PartitionState.SUBMITTED, 2);
      assertThat(verdict(LIVE, known, false)).isEqualTo(BatchVerdict.RIGHT);
      assertThat(verdict(COMPLETED, known, true)).isEqualTo(BatchVerdict.RIGHT);
    }
  }

  @Test
  void a_batch_beside_the_one_on_record_is_double_unless_it_was_refused() {
    var known = known(Phase.CREATED, "batch-0", PartitionState.SUBMITTED, 2);
    assertThat(verdict(LIVE, known, true)).isEqualTo(BatchVerdict.DOUBLE);
    assertThat(verdict(COMPLETED, known, false)).isEqualTo(BatchVerdict.DOUBLE);
    assertThat(verdict(REFUSED, known, false)).isEqualTo(BatchVerdict.OF_NO_CONCERN);
  }

  @Test
  void a_batch_of_an_attempt_that_was_given_up_is_late_unless_it_was_refused() {
    var known = known(Phase.OVER, null, PartitionState.READY, 2);
    assertThat(verdict(LIVE, known, true)).isEqualTo(BatchVerdict.LATE);
    assertThat(verdict(COMPLETED, known, false)).isEqualTo(BatchVerdict.LATE);
    assertThat(verdict(REFUSED, known, false)).isEqualTo(BatchVerdict.OF_NO_CONCERN);
  }

  @Test
  void a_batch_whose_create_may_be_on_its_way_is_left_to_the_submit_protocol() {
    var creating = known(Phase.CREATING, null, PartitionState.RECONCILING, 2);
    var intent = known(Phase.INTENT, null, PartitionState.UPLOADING, 2);
    assertThat(verdict(LIVE, creating, false)).isEqualTo(BatchVerdict.UNDECIDED);
    assertThat(verdict(LIVE, creating, true)).isEqualTo(BatchVerdict.UNDECIDED);
    assertThat(verdict(LIVE, intent, false)).isEqualTo(BatchVerdict.UNDECIDED);
  }

  @Test
  void a_batch_of_no_attempt_is_an_orphan_while_it_runs() {
    assertThat(verdict(LIVE, unknown(Optional.empty()), true)).isEqualTo(BatchVerdict.ORPHAN);
    assertThat(verdict(COMPLETED, unknown(Optional.empty()), true))
        .isEqualTo(BatchVerdict.OF_NO_CONCERN);
    assertThat(verdict(LIVE, unknown(holder(PartitionState.READY, 1)), false))
        .isEqualTo(BatchVerdict.ORPHAN);
  }

  @Test
  void after_a_fail_over_a_batch_of_a_later_attempt_than_the_known_one_counts_as_lost() {
    for (BatchStatus status : List.of(LIVE, COMPLETED, REFUSED)) {
      assertThat(verdict(status, unknown(holder(PartitionState.READY, 1)), true))
          .isEqualTo(BatchVerdict.FORGOTTEN);
      assertThat(verdict(status, known(Phase.INTENT, null, PartitionState.UPLOADING, 2), true))
          .isEqualTo(BatchVerdict.FORGOTTEN);
    }
  }

  @Test
  void
      after_a_fail_over_a_batch_of_an_earlier_attempt_or_of_another_provider_does_not_count_as_lost() {
    assertThat(verdict(LIVE, unknown(holder(PartitionState.READY, 3)), true))
        .isEqualTo(BatchVerdict.ORPHAN);
    assertThat(
            verdict(
                LIVE, unknown(Optional.of(new Owner(PartitionState.READY, 1, "another"))), true))
        .isEqualTo(BatchVerdict.ORPHAN);
  }

  private static BatchVerdict verdict(
      BatchStatus status, KnownBatchAttempt known, boolean afterFailOver) {
    var batch = new ListedBatch("batch-1", SECOND.toString(), "file-1", Optional.empty(), status);
    return BatchVerdict.of(batch, SECOND, known, "acme", afterFailOver);
  }

  private static KnownBatchAttempt known(
      Phase standing, @Nullable String batchId, PartitionState state, int attempt) {
    return new KnownBatchAttempt(
        Optional.of(standing),
        Optional.of("file-1"),
        Optional.ofNullable(batchId),
        false,
        holder(state, attempt));
  }

  private static KnownBatchAttempt unknown(Optional<Owner> holder) {
    return new KnownBatchAttempt(
        Optional.empty(), Optional.empty(), Optional.empty(), false, holder);
  }

  private static Optional<Owner> holder(PartitionState state, int attempt) {
    return Optional.of(new Owner(state, attempt, "acme"));
  }
}
