package dev.arcticsynth.task;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One remote batch of a partition, with its own remote file. This history outlives the partition's
/// live columns: every remote batch that ever cost something is in exactly one row.
@Entity
@Table(name = "attempt")
@IdClass(BatchAttempt.Key.class)
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // Hibernate reads and fills the fields
class BatchAttempt {

  enum State {
    /// On record before the upload begins; again when its create call was refused.
    INTENT,
    /// The create call may have been sent.
    CREATING,
    /// The provider has the batch.
    CREATED,
    /// Ended before a batch existed.
    ABANDONED,
    /// The provider refused the batch before running anything.
    FAILED_UNBILLED,
    /// Its answers are stored.
    DONE
  }

  @Id private UUID partitionId;
  @Id private int n;
  private String tag;
  private String provider;
  private @Nullable String remoteModel;

  @Enumerated(EnumType.STRING)
  private State state;

  private @Nullable String remoteFileId;
  private @Nullable String remoteBatchId;
  private @Nullable String answerFiles;
  private boolean adopted;
  private @Nullable String error;
  private Instant startedAt;
  private @Nullable Instant endedAt;

  protected BatchAttempt() {}

  BatchAttempt(Partition partition, String tag, Instant now) {
    this.partitionId = partition.id();
    this.n = partition.batchAttempt();
    this.tag = tag;
    this.provider = partition.provider();
    this.remoteModel = partition.remoteModel();
    this.state = State.INTENT;
    this.startedAt = now;
  }

  /// Follows the partition after it has applied the same event.
  void follow(Partition partition, PartitionEvent event, Instant now) {
    remoteFileId = partition.remoteFileId().orElse(remoteFileId);
    remoteBatchId = partition.remoteBatchId().orElse(remoteBatchId);
    adopted |= partition.hasCallersIds();
    if (!partition.answerFiles().isEmpty()) {
      answerFiles = String.join(" ", partition.answerFiles());
    }
    if (!isOpen()) {
      return;
    }
    if (partition.isFileKept()) {
      state = State.INTENT;
      return;
    }
    switch (partition.state()) {
      case UPLOADING -> state = State.INTENT;
      case CREATING, RECONCILING -> state = State.CREATING;
      case SUBMITTED, CANCELLING, ENDED -> state = State.CREATED;
      case READY, PARKED, CANCELLED -> endWithout(partition, event, now);
      case FAILED -> {
        // Answers that cannot be used are kept, like those of a batch under way.
        if (!partition.isUnreadable()) {
          endWithout(partition, event, now);
        }
      }
      case DOWNLOADED -> {
        state = State.DONE;
        endedAt = now;
      }
    }
  }

  private void endWithout(Partition partition, PartitionEvent event, Instant now) {
    state = state == State.CREATED ? State.FAILED_UNBILLED : State.ABANDONED;
    error = partition.lastError().orElse(event.apiName());
    endedAt = now;
  }

  /// A later attempt of the partition is known to exist, so this one has no batch.
  void giveWay(Instant now) {
    if (isOpen()) {
      state = state == State.CREATED ? State.FAILED_UNBILLED : State.ABANDONED;
      error = "A later batch attempt was found at the provider.";
      endedAt = now;
    }
  }

  /// It is live; the database allows one live attempt per partition.
  boolean isOpen() {
    return switch (state) {
      case INTENT, CREATING, CREATED -> true;
      case ABANDONED, FAILED_UNBILLED, DONE -> false;
    };
  }

  /// Names an attempt.
  static final class Key implements Serializable {
    private UUID partitionId;
    private int n;

    Key() {}

    Key(UUID partitionId, int n) {
      this.partitionId = partitionId;
      this.n = n;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.n == n && key.partitionId.equals(partitionId);
    }

    @Override
    public int hashCode() {
      return Objects.hash(partitionId, n);
    }
  }
}
