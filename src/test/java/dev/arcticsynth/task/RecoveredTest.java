package dev.arcticsynth.task;

import static dev.arcticsynth.task.PartitionState.*;
import static dev.arcticsynth.task.Partitions.LATER;
import static dev.arcticsynth.task.Partitions.NOW;
import static dev.arcticsynth.task.Partitions.apply;
import static dev.arcticsynth.task.Partitions.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.PartitionEvent.*;
import org.junit.jupiter.api.Test;

/// What a partition makes of a batch that the database has forgotten.
class RecoveredTest {

  private static final Recovered RECALLED =
      new Recovered(0, 3, "tag", "file-9", NOW.minusSeconds(60));

  @Test
  void a_recovered_batch_is_looked_for_like_one_whose_create_was_not_answered() {
    // Given
    var partition = partition(0, 2);

    // When
    apply(partition, RECALLED);

    // Then
    assertThat(partition.state()).isEqualTo(RECONCILING);
    assertThat(partition.batchAttempt()).isEqualTo(3);
    assertThat(partition.remoteFileId()).contains("file-9");
    assertThat(partition.creatingAt()).contains(NOW.minusSeconds(60));
    assertThat(partition.dueAt()).contains(NOW);
    assertThat(partition.isFenced()).isFalse();
  }

  @Test
  void an_earlier_attempt_that_was_being_looked_for_gives_way() {
    // Given
    var partition = partition(0, 2);
    apply(
        partition,
        new UploadBegun("tag-1"),
        new Uploaded("file-1", false),
        new CreateUnknown("timeout", null),
        new Fenced(LATER));

    // When
    apply(partition, RECALLED);

    // Then
    assertThat(partition.state()).isEqualTo(RECONCILING);
    assertThat(partition.remoteFileId()).contains("file-9");
    assertThat(partition.isFenced()).isFalse();
  }

  @Test
  void a_later_attempt_may_be_lost_while_the_newest_known_one_may_still_come_to_nothing() {
    // Given
    var ready = partition(0, 2);
    var uploading = partition(0, 2);
    apply(uploading, new UploadBegun("tag-1"));
    var submitted = partition(0, 2);
    apply(
        submitted,
        new UploadBegun("tag-1"),
        new Uploaded("file-1", false),
        new Submitted("batch-1", LATER, null));
    var cancelled = partition(0, 2);
    apply(cancelled, new Cancelled());

    // Then
    assertThat(ready.mayHaveForgotten(1)).isTrue();
    assertThat(uploading.mayHaveForgotten(1)).isTrue();
    assertThat(submitted.mayHaveForgotten(1)).isFalse();
    assertThat(submitted.mayHaveForgotten(2)).isTrue();
    assertThat(cancelled.mayHaveForgotten(9)).isFalse();
  }
}
