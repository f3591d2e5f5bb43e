package dev.arcticsynth.task;

import static dev.arcticsynth.task.PartitionState.*;
import static dev.arcticsynth.task.Partitions.LATER;
import static dev.arcticsynth.task.Partitions.NOW;
import static dev.arcticsynth.task.Partitions.apply;
import static dev.arcticsynth.task.Partitions.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.task.Partition.IllegalMoveException;
import dev.arcticsynth.task.PartitionEvent.*;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionTest {

  private static final PartitionEvent BEGUN = new UploadBegun("tag");
  private static final PartitionEvent UPLOADED = new Uploaded("file-1", false);
  private static final PartitionEvent SUBMITTED_ = new Submitted("batch-1", LATER, null);
  private static final PartitionEvent ENDED_ =
      new Ended("completed", List.of("out", "err"), OptionalInt.of(3), null);
  private static final PartitionEvent DONE = new Downloaded(2, 1, 0, 10, 20);

  /// The shortest way into each state.
  private static final Map<PartitionState, List<PartitionEvent>> WAYS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(READY, List.of()),
              Map.entry(UPLOADING, List.of(BEGUN)),
              Map.entry(CREATING, List.of(BEGUN, UPLOADED)),
              Map.entry(RECONCILING, List.of(BEGUN, UPLOADED, new CreateUnknown("timeout", null))),
              Map.entry(SUBMITTED, List.of(BEGUN, UPLOADED, SUBMITTED_)),
              Map.entry(CANCELLING, List.of(BEGUN, UPLOADED, SUBMITTED_, new CancelAsked(LATER))),
              Map.entry(ENDED, List.of(BEGUN, UPLOADED, SUBMITTED_, ENDED_)),
              Map.entry(DOWNLOADED, List.of(BEGUN, UPLOADED, SUBMITTED_, ENDED_, DONE)),
              Map.entry(PARKED, List.of(new Parked(WaitReason.CREDENTIALS, "key", LATER))),
              Map.entry(FAILED, List.of(new Failed("code", "reason"))),
              Map.entry(CANCELLED, List.of(new Cancelled()))));

  @Test
  void a_successful_attempt_passes_every_state_once() {
    // Given
    Partition partition = partition(0, 2);
    var passed = new ArrayList<PartitionState>();

    // When
    for (PartitionEvent event : List.of(BEGUN, UPLOADED, SUBMITTED_, ENDED_, DONE)) {
      passed.add(partition.state());
      apply(partition, event);
    }

    // Then
    assertThat(passed).containsExactly(READY, UPLOADING, CREATING, SUBMITTED, ENDED);
    assertThat(partition.state()).isEqualTo(DOWNLOADED);
    assertThat(partition.batchAttempt()).isEqualTo(1);
    assertThat(partition.remoteFileId()).contains("file-1");
    assertThat(partition.remoteBatchId()).contains("batch-1");
    assertThat(partition.answerFiles()).containsExactly("out", "err");
    assertThat(partition.answersExpected()).hasValue(3);
    assertThat(partition.answered()).isEqualTo(3);
    assertThat(partition.dueAt()).isEmpty();
    assertThat(partition.waitReason()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(PartitionState.class)
  void every_event_moves_as_the_table_allows_or_not_at_all(PartitionState from) {
    for (PartitionEvent event : anyEvent()) {
      // Given
      Partition partition = in(from);

      // When
      var failure = org.assertj.core.api.Assertions.catchThrowable(() -> apply(partition, event));

      // Then
      if (failure == null) {
        assertThat(partition.state() == from || from.canBecome(partition.state()))
            .as("%s in %s", event, from)
            .isTrue();
      } else {
        assertThat(failure).isInstanceOf(IllegalMoveException.class);
        assertThat(partition.state()).as("%s in %s", event, from).isEqualTo(from);
      }
    }
  }

  static java.util.stream.Stream<PartitionEvent> refusalsOfACreate() {
    return java.util.stream.Stream.of(
        new TemporarilyRejected(WaitReason.QUOTA, "x", LATER, true),
        new QuotaExceeded("x", OptionalLong.of(9), LATER, true),
        new Parked(WaitReason.OPERATOR, "x", LATER, true));
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("refusalsOfACreate")
  void a_create_that_was_refused_is_sent_again_over_the_same_file(PartitionEvent refusal) {
    // Given
    Partition partition = in(CREATING);
    String file = partition.remoteFileId().orElseThrow();

    // When
    apply(partition, refusal);
    assertThat(partition.dueAt()).contains(LATER);
    assertThat(partition.isHolding(file)).isTrue();
    assertThat(partition.mayHaveForgotten(1)).isTrue();
    if (partition.state() == PARKED) {
      apply(partition, new Unparked());
    }
    apply(partition, new CreateBegun());

    // Then
    assertThat(partition.state()).isEqualTo(CREATING);
    assertThat(partition.remoteFileId()).contains(file);
    assertThat(partition.batchAttempt()).isEqualTo(1);
  }

  @Test
  void a_partition_that_was_parked_without_its_file_uploads_it_again() {
    // Given: as releases before left it
    Partition partition = in(CREATING);
    apply(partition, new Parked(WaitReason.CREDENTIALS, "key", LATER));

    // When
    apply(partition, new Unparked());

    // Then
    assertThat(partition.state()).isEqualTo(READY);
    assertThat(partition.mayHaveForgotten(1)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = PartitionState.class,
      names = {"DOWNLOADED", "FAILED", "CANCELLED"})
  void nothing_leaves_a_last_state(PartitionState last) {
    // Given
    List<PartitionEvent> moves =
        List.of(
            BEGUN,
            SUBMITTED_,
            ENDED_,
            DONE,
            new CreateUnknown("x", null),
            new Abandoned("x"),
            new TemporarilyRejected(WaitReason.QUOTA, "x", LATER),
            new Parked(WaitReason.OPERATOR, "x", LATER),
            new Unparked(),
            new CancelAsked(LATER),
            new Failed("x", "x"),
            new Cancelled(),
            new CreateBegun());

    // Then
    assertThat(moves)
        .allSatisfy(event ->
            assertThatThrownBy(() -> apply(in(last), event))
                .isInstanceOf(IllegalMoveException.class)
                .hasMessageContaining(last.name()));
  }

  @Test
  void a_held_upload_waits_until_the_caller_submits_it() {
    // Given
    Partition partition = partition(0, 2);
    apply(partition, BEGUN, new Uploaded("file-1", true));
    PartitionState held = partition.state();
    var due = partition.dueAt();
    var reason = partition.waitReason();

    // When
    apply(partition, new CreateBegun());

    // Then
    assertThat(held).isEqualTo(UPLOADING);
    assertThat(due).isEmpty();
    assertThat(reason).contains(WaitReason.CALLER);
    assertThat(partition.state()).isEqualTo(CREATING);
    assertThat(partition.creatingAt()).contains(NOW);
    assertThat(partition.dueAt()).contains(NOW);
    assertThat(partition.waitReason()).isEmpty();
  }

  @Test
  void a_new_attempt_clears_the_files_of_the_last_one() {
    // Given
    Partition partition = in(RECONCILING);
    apply(partition, new Fenced(LATER));
    boolean fenced = partition.isFenced();
    apply(partition, new Abandoned("no batch"));
    var reason = partition.lastError();

    // When
    apply(partition, BEGUN);

    // Then
    assertThat(fenced).isTrue();
    assertThat(reason).contains("no batch");
    assertThat(partition.isFenced()).isFalse();
    assertThat(partition.batchAttempt()).isEqualTo(2);
    assertThat(partition.remoteFileId()).isEmpty();
    assertThat(partition.remoteBatchId()).isEmpty();
    assertThat(partition.creatingAt()).isEmpty();
  }

  @Test
  void an_adopted_batch_lifts_the_fence() {
    // Given
    Partition partition = in(RECONCILING);
    apply(partition, new Fenced(LATER));

    // When
    apply(partition, SUBMITTED_);

    // Then
    assertThat(partition.state()).isEqualTo(SUBMITTED);
    assertThat(partition.isFenced()).isFalse();
    assertThat(partition.dueAt()).contains(LATER);
  }

  @Test
  void the_same_requests_refused_twice_have_failed() {
    // Given
    var refused = new Rejected("invalid", "no such model", LATER);
    Partition partition = in(UPLOADING);
    apply(partition, refused);
    PartitionState afterOne = partition.state();
    var due = partition.dueAt();
    apply(partition, BEGUN);

    // When
    apply(partition, refused);

    // Then
    assertThat(afterOne).isEqualTo(READY);
    assertThat(due).contains(LATER);
    assertThat(partition.state()).isEqualTo(FAILED);
    assertThat(partition.errorCode()).contains("invalid");
    assertThat(partition.lastError()).contains("no such model");
    assertThat(partition.dueAt()).isEmpty();
  }

  @Test
  void polls_count_while_the_provider_says_nothing_new() {
    // Given
    Partition partition = in(SUBMITTED);
    apply(
        partition,
        new StillRunning("in_progress", 1, LATER),
        new StillRunning("in_progress", 1, LATER),
        new StillRunning("in_progress", 1, LATER));
    int unchanged = partition.polls();

    // When
    apply(partition, new StillRunning("in_progress", 99, LATER));

    // Then
    assertThat(unchanged).isEqualTo(2);
    assertThat(partition.polls()).isZero();
    assertThat(partition.answered()).as("never more than there are").isEqualTo(3);
  }

  @Test
  void a_deferred_step_stays_where_it_is() {
    // Given
    Partition partition = in(CANCELLING);

    // When
    apply(partition, new Deferred(WaitReason.PROVIDER, "503", LATER));

    // Then
    assertThat(partition.state()).isEqualTo(CANCELLING);
    assertThat(partition.waitReason()).contains(WaitReason.PROVIDER);
    assertThat(partition.lastError()).contains("503");
    assertThat(partition.dueAt()).contains(LATER);
  }

  @Test
  void a_cut_transfer_is_counted_and_repeated() {
    // Given
    Partition partition = in(ENDED);

    // When
    apply(partition, new DownloadFailed("cut", LATER), new DownloadFailed("cut", LATER));

    // Then
    assertThat(partition.state()).isEqualTo(ENDED);
    assertThat(partition.downloads()).isEqualTo(2);
    assertThat(partition.answerFiles()).containsExactly("out", "err");
  }

  @Test
  void a_whole_transfer_is_known_since_it_came_first() {
    // Given
    Partition partition = in(ENDED);
    partition.apply(new DownloadFailed("short", LATER, "d1"), NOW);
    partition.apply(new DownloadFailed("503", LATER), LATER);

    // When
    partition.apply(new DownloadFailed("short", LATER, "d1"), LATER);

    // Then
    assertThat(partition.transferredSince("d1")).contains(NOW);
    assertThat(partition.transferredSince("d2")).isEmpty();
    partition.apply(new DownloadFailed("short", LATER, "d2"), LATER);
    assertThat(partition.transferredSince("d2")).contains(LATER);
    assertThat(partition.transferredSince("d1")).isEmpty();
  }

  @Test
  void answers_that_cannot_be_used_are_read_again_from_the_same_batch() {
    // Given
    Partition partition = in(ENDED);
    apply(partition, new DownloadFailed("short", LATER, "d1"), new Unreadable("file out is gzip"));
    var code = partition.errorCode();
    var error = partition.lastError();
    boolean isUnreadable = partition.isUnreadable();

    // When
    apply(partition, new ReadAgain());

    // Then
    assertThat(isUnreadable).isTrue();
    assertThat(code).contains("output_unreadable");
    assertThat(error)
        .hasValueSatisfying(said -> assertThat(said).contains("batch-1", "file out is gzip"));
    assertThat(partition.state()).isEqualTo(ENDED);
    assertThat(partition.answerFiles()).containsExactly("out", "err");
    assertThat(partition.remoteBatchId()).contains("batch-1");
    assertThat(partition.dueAt()).contains(NOW);
    assertThat(partition.downloads()).isZero();
    assertThat(partition.transferredSince("d1")).isEmpty();
    assertThat(partition.rereads()).isEqualTo(1);
    assertThat(partition.errorCode()).isEmpty();
  }

  @Test
  void a_batch_that_named_no_file_is_asked_again_for_its_status() {
    // Given
    Partition partition = in(SUBMITTED);
    apply(partition, new Unreadable("no file"));

    // When
    apply(partition, new ReadAgain());

    // Then
    assertThat(partition.state()).isEqualTo(SUBMITTED);
  }

  @Test
  void what_failed_for_another_reason_is_not_read_again() {
    // Given
    Partition partition = in(FAILED);

    // Then
    assertThatThrownBy(() -> apply(partition, new ReadAgain()))
        .isInstanceOf(IllegalMoveException.class);
  }

  @Test
  void a_parked_partition_is_ready_again_when_its_time_has_come() {
    // Given
    Partition partition = in(PARKED);

    // When
    apply(partition, new Unparked());

    // Then
    assertThat(partition.state()).isEqualTo(READY);
    assertThat(partition.dueAt()).contains(NOW);
    assertThat(partition.waitReason()).isEmpty();
  }

  @Test
  void a_partition_that_is_held_is_not_due() {
    // Given
    var partitionSpec =
        new PartitionSpec(PartitionKind.BASE, "m", "/v1/chat/completions", 0, 1, 2, 100);

    // When
    var held = new Partition(java.util.UUID.randomUUID(), 0, "p", partitionSpec, 1, true, NOW);

    // Then
    assertThat(held.dueAt()).isEmpty();
    assertThat(held.waitReason()).contains(WaitReason.CALLER);
  }

  private static Partition in(PartitionState state) {
    Partition partition = partition(0, 2);
    WAYS.getOrDefault(state, List.of()).forEach(event -> apply(partition, event));
    assertThat(partition.state()).isEqualTo(state);
    return partition;
  }

  private static PartitionSpec half(long first, long last) {
    return new PartitionSpec(
        PartitionKind.BASE, "m", "/v1/x", first, last, (int) (last - first + 1), 10);
  }

  private static List<PartitionEvent> anyEvent() {
    return List.of(
        BEGUN,
        UPLOADED,
        new Uploaded("file-2", true),
        new CreateBegun(),
        SUBMITTED_,
        new CreateUnknown("x", "req"),
        new Fenced(LATER),
        new Recovered(0, 1, "tag", "file", NOW),
        new Abandoned("x"),
        new TemporarilyRejected(WaitReason.QUOTA, "x", LATER),
        new QuotaExceeded("x", OptionalLong.of(9), LATER),
        new AdmissionDeferred(WaitReason.QUOTA, "x", LATER),
        new Rejected("x", "x", LATER),
        new Bisected("x", "x", half(0, 0), half(1, 2)),
        new Parked(WaitReason.OPERATOR, "x", LATER),
        new Unparked(),
        new Deferred(WaitReason.PROVIDER, "x", LATER),
        new StillRunning("w", 1, LATER),
        new CancelAsked(LATER),
        ENDED_,
        new DownloadFailed("x", LATER),
        new DownloadFailed("x", LATER, "d"),
        new Unreadable("x"),
        new ReadAgain(),
        DONE,
        new Failed("x", "x"),
        new Cancelled());
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "3, 1", "400, 100"})
  void tokens_are_estimated_and_never_none(long wireBytes, long tokens) {
    // Given
    var partitionSpec =
        new PartitionSpec(PartitionKind.BASE, "m", "/v1/chat/completions", 0, 0, 1, wireBytes);

    // Then
    assertThat(partitionSpec.estimatedTokens()).isEqualTo(tokens);
  }
}
