package dev.arcticsynth.task;

import static dev.arcticsynth.task.Partitions.LATER;
import static dev.arcticsynth.task.Partitions.NOW;
import static dev.arcticsynth.task.Partitions.apply;
import static dev.arcticsynth.task.Partitions.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.PartitionEvent.*;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What a partition waits for, why, and until when: what callers see, and what decides when it is
/// looked at.
class PartitionWaitsTest {

  private static final UploadBegun BEGUN = new UploadBegun("tag", "deployment");
  private static final Uploaded UPLOADED = new Uploaded("file-1", false);
  private static final Submitted SUBMITTED = new Submitted("batch-1", LATER, null);
  private static final Ended ENDED =
      new Ended("expired", List.of("out"), OptionalInt.empty(), "[]");

  /// @param events the last one makes it wait
  private record Case(
      List<PartitionEvent> events,
      WaitReason reason,
      @Nullable String says,
      @Nullable Instant until) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(List.of(BEGUN, new Uploaded("f", true)), WaitReason.CALLER, null, null),
        new Case(
            List.of(BEGUN, new InputPending("f", "pending", LATER)),
            WaitReason.FILE,
            "The provider is reading the file: pending.",
            LATER),
        new Case(
            List.of(BEGUN, UPLOADED, new CreateUnknown("cut", null)),
            WaitReason.PROVIDER,
            "cut",
            NOW),
        new Case(
            List.of(BEGUN, new TemporarilyRejected(WaitReason.QUOTA, "429", LATER)),
            WaitReason.QUOTA,
            "429",
            LATER),
        new Case(
            List.of(BEGUN, new QuotaExceeded("full", OptionalLong.empty(), LATER)),
            WaitReason.QUOTA,
            "full",
            LATER),
        new Case(
            List.of(new AdmissionDeferred(WaitReason.OPERATOR, "money", LATER)),
            WaitReason.OPERATOR,
            "money",
            LATER),
        new Case(
            List.of(BEGUN, new Rejected("code", "bad", LATER)), WaitReason.RETRY, "bad", LATER),
        new Case(
            List.of(new Parked(WaitReason.CREDENTIALS, "key", LATER)),
            WaitReason.CREDENTIALS,
            "key",
            LATER),
        new Case(
            List.of(BEGUN, new Deferred(WaitReason.PROVIDER, "503", LATER)),
            WaitReason.PROVIDER,
            "503",
            LATER),
        new Case(
            List.of(BEGUN, UPLOADED, SUBMITTED, new StatusSuspect("gone", "404", LATER)),
            WaitReason.PROVIDER,
            "404",
            LATER),
        new Case(
            List.of(BEGUN, UPLOADED, SUBMITTED, ENDED, new DownloadFailed("short", LATER)),
            WaitReason.PROVIDER,
            "short",
            LATER),
        new Case(
            List.of(new Recovered(0, 2, "tag", "file-2", NOW)),
            WaitReason.PROVIDER,
            "Found at the provider after the database forgot it.",
            NOW));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void it_says_what_it_waits_for_why_and_until_when(Case given) {
    // Given
    Partition partition = partition(0, 2);

    // When
    given.events().forEach(event -> apply(partition, event));

    // Then
    assertThat(partition.waitReason()).contains(given.reason());
    assertThat(partition.lastError().orElse(null)).isEqualTo(given.says());
    assertThat(partition.dueAt().orElse(null)).isEqualTo(given.until());
  }

  @Test
  void it_counts_its_rejections_in_a_row() {
    // Given
    Partition partition = partition(0, 2);

    // When
    apply(partition, BEGUN, new TemporarilyRejected(WaitReason.PROVIDER, "503", LATER));
    apply(partition, BEGUN, new QuotaExceeded("full", OptionalLong.empty(), LATER));

    // Then
    assertThat(partition.turnedAway()).isEqualTo(2);
    apply(partition, BEGUN, UPLOADED, SUBMITTED, ENDED);
    assertThat(partition.turnedAway()).isZero();
    assertThat(partition.refused()).contains("[]");
    assertThat(partition.providerStatus()).contains("expired");
  }

  @Test
  void it_counts_polls_for_one_cause_and_starts_over_with_another() {
    // Given
    Partition partition = partition(0, 2);
    apply(partition, BEGUN);

    // When
    apply(
        partition,
        new InputPending("f", "pending", LATER),
        new InputPending("f", "pending", LATER));
    int sameFile = partition.polls();
    apply(partition, new InputPending("g", "pending", LATER));
    int otherFile = partition.polls();
    apply(partition, new Deferred(WaitReason.PROVIDER, "503", LATER));
    int deferred = partition.polls();
    apply(partition, UPLOADED, SUBMITTED, new StatusSuspect("gone", "404", LATER));
    int doubted = partition.polls();
    apply(partition, new StatusSuspect("gone", "404", LATER));
    int doubtedAgain = partition.polls();
    apply(partition, new StatusSuspect("odd", "what?", LATER));

    // Then
    assertThat(List.of(sameFile, otherFile, deferred, doubted, doubtedAgain, partition.polls()))
        .containsExactly(1, 0, 1, 1, 2, 1);
  }

  @Test
  void it_queues_for_quota_since_its_first_deferral() {
    // Given
    Partition partition = partition(0, 2);
    var full = new AdmissionDeferred(WaitReason.QUOTA, "no room", LATER);

    // When
    partition.apply(full, NOW);
    partition.apply(full, LATER);

    // Then
    assertThat(partition.queuedAt()).contains(NOW);
    partition.apply(new AdmissionDeferred(WaitReason.CREDENTIALS, "key", LATER), LATER);
    assertThat(partition.queuedAt()).isEmpty();
  }

  @Test
  void another_deployment_answers_only_the_attempt_that_chose_it() {
    // Given
    Partition partition = partition(0, 2);

    // When
    apply(partition, BEGUN);
    String chosen = partition.remoteModel();
    apply(partition, new Abandoned("cut"), new UploadBegun("tag-2"));

    // Then
    assertThat(chosen).isEqualTo("deployment");
    assertThat(partition.remoteModel()).isEqualTo(partition.model()).isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource({
    "HELD, true",
    "PARKED, true",
    "DUE, false",
    "CREATING, false",
    "SUBMITTED, false",
  })
  void a_callers_action_may_move_on_what_waits_before_a_batch(Situation situation, boolean may) {
    assertThat(situation.of().mayWaitForCaller(NOW)).isEqualTo(may);
  }

  @Test
  void only_a_released_hold_or_a_cancel_moves_a_held_partition() {
    // Given
    Partition held = Situation.HELD.of();
    Partition parked = Situation.PARKED.of();
    Partition cancelled = Situation.PARKED.of();

    // When
    held.heed(Partitions.running("t", 3, true), NOW);
    parked.heed(Partitions.running("t", 3, true), NOW);
    cancelled.heed(Partitions.cancelling("t", 3), NOW);

    // Then
    assertThat(held.dueAt()).contains(NOW);
    assertThat(parked.dueAt()).contains(LATER);
    assertThat(cancelled.dueAt()).contains(NOW);
  }

  private enum Situation {
    HELD(BEGUN, new Uploaded("f", true)),
    PARKED(new Parked(WaitReason.CREDENTIALS, "key", LATER)),
    DUE,
    CREATING(BEGUN, UPLOADED),
    SUBMITTED(BEGUN, UPLOADED, PartitionWaitsTest.SUBMITTED);

    private final List<PartitionEvent> events;

    Situation(PartitionEvent... events) {
      this.events = List.of(events);
    }

    Partition of() {
      Partition partition = partition(0, 2);
      events.forEach(event -> apply(partition, event));
      return partition;
    }
  }
}
