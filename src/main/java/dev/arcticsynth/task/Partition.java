package dev.arcticsynth.task;

import static dev.arcticsynth.task.PartitionState.*;

import dev.arcticsynth.task.PartitionEvent.*;
import jakarta.persistence.Entity;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Requests that travel together: those of one model and endpoint that a provider takes in one
/// batch.
@Entity
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
public class Partition extends PartitionColumns {

  private static final String UNREADABLE_BECAUSE =
      "Batch %s is over and its answers cannot be used: %s. Nothing was asked again; a retry of the task reads them again, without a new batch.";

  private static final PartitionState[] OPEN =
      Stream.of(PartitionState.values())
          .filter(state -> !state.isTerminal())
          .toArray(PartitionState[]::new);

  protected Partition() {}

  /// @param requestAttempt which attempt of its requests this is, 1 for the first
  Partition(
      UUID taskId,
      int ordinal,
      String provider,
      PartitionSpec partitionSpec,
      int requestAttempt,
      boolean held,
      Instant now) {
    this.id = partitionSpec.idOf(taskId, ordinal, requestAttempt);
    this.taskId = taskId;
    this.ordinal = ordinal;
    this.kind = partitionSpec.kind();
    this.provider = provider;
    this.model = partitionSpec.model();
    this.endpoint = partitionSpec.endpoint();
    this.firstSeq = partitionSpec.firstSeq();
    this.lastSeq = partitionSpec.lastSeq();
    this.requests = partitionSpec.requests();
    this.wireBytes = partitionSpec.wireBytes();
    this.tokens = partitionSpec.estimatedTokens();
    this.requestAttempt = requestAttempt;
    this.state = READY;
    this.createdAt = now;
    if (held) {
      waitReason = WaitReason.CALLER;
    } else {
      dueAt = now;
    }
  }

  /// The only way a partition changes.
  void apply(PartitionEvent event, Instant now) {
    switch (event) {
      case UploadBegun(_, String chosen) -> {
        onlyIn(event, READY);
        become(UPLOADING, event);
        remoteModel = chosen;
        batchAttempt++;
        remoteFileId = null;
        remoteBatchId = null;
        callersIds = false;
        creatingAt = null;
        answered = 0;
        polls = 0;
        providerStatus = null;
        waitReason = null;
        queuedAt = null;
        dueAt = now;
      }
      case Uploaded(String fileId, boolean held) -> {
        onlyIn(event, UPLOADING);
        remoteFileId = fileId;
        if (held) {
          waitFor(WaitReason.CALLER, null, null);
        } else {
          creating(event, now);
        }
      }
      case InputPending(String fileId, String word, Instant lookAt) -> {
        onlyIn(event, UPLOADING);
        polls = fileId.equals(remoteFileId) ? polls + 1 : 0;
        remoteFileId = fileId;
        waitFor(WaitReason.FILE, "The provider is reading the file: " + word + ".", lookAt);
      }
      case CreateBegun _ -> creating(event, now);
      case Submitted(String batchId, Instant pollAt, _) -> {
        onlyIn(event, CREATING, RECONCILING);
        become(SUBMITTED, event);
        remoteBatchId = batchId;
        waitReason = null;
        dueAt = pollAt;
      }
      case Adopted(String batchId, String fileId, boolean namedByCaller, Instant madeAt) -> {
        onlyIn(event, UPLOADING);
        become(SUBMITTED, event);
        remoteBatchId = batchId;
        remoteFileId = fileId;
        callersIds = namedByCaller;
        creatingAt = madeAt;
        queuedAt = null;
        waitReason = null;
        dueAt = now;
      }
      case CreateUnknown(String reason, _) -> {
        onlyIn(event, CREATING);
        become(RECONCILING, event);
        waitFor(WaitReason.PROVIDER, reason, now);
      }
      case Fenced(Instant settledAt) -> {
        onlyIn(event, RECONCILING);
        fencedAt = now;
        dueAt = settledAt;
      }
      case Recovered(_, int n, _, String fileId, Instant createdAt) ->
          recall(event, n, fileId, createdAt, now);
      case Abandoned(String reason) -> {
        ready(event, now);
        lastError = reason;
      }
      case TemporarilyRejected(WaitReason waits, String reason, Instant retryAt, _) ->
          turnedAway(event, waits, reason, retryAt);
      case QuotaExceeded(String reason, _, Instant retryAt, _) ->
          turnedAway(event, WaitReason.QUOTA, reason, retryAt);
      case AdmissionDeferred(WaitReason waits, String reason, Instant until) -> {
        onlyIn(event, READY, UPLOADING, PARKED);
        if (waits != WaitReason.QUOTA) {
          queuedAt = null;
        } else if (queuedAt == null) {
          queuedAt = now;
        }
        waitFor(waits, reason, until);
      }
      case Rejected(String code, String reason, Instant retryAt, _) -> {
        if (refusals + 1 < MAX_REFUSALS) {
          become(READY, event);
          waitFor(WaitReason.RETRY, reason, retryAt);
        } else {
          fail(event, code, reason);
        }
        refusals++;
        turnedAway = 0;
      }
      case Parked(WaitReason waits, String reason, Instant retryAt, _) -> {
        if (event.isKeepingFile()) {
          refused(event);
        }
        become(PARKED, event);
        creatingAt = event.isKeepingFile() ? null : creatingAt;
        remoteFileId = event.isKeepingFile() ? remoteFileId : null;
        waitFor(waits, reason, retryAt);
      }
      case Unparked _ -> ready(event, now);
      case Deferred(WaitReason waits, String reason, Instant retryAt) -> {
        onlyIn(event, OPEN);
        waitFor(waits, reason, retryAt);
        polls++;
      }
      case StatusSuspect(String word, String reason, Instant retryAt) -> {
        onlyIn(event, SUBMITTED, CANCELLING);
        polls = word.equals(providerStatus) ? polls + 1 : 1;
        providerStatus = word;
        waitFor(WaitReason.PROVIDER, reason, retryAt);
      }
      case StillRunning(String word, int count, Instant pollAt) -> {
        onlyIn(event, SUBMITTED, CANCELLING);
        polls = word.equals(providerStatus) && count == answered ? polls + 1 : 0;
        providerStatus = word;
        answered = Math.clamp(count, 0, requests);
        waitReason = null;
        dueAt = pollAt;
      }
      case CancelAsked(Instant pollAt) -> {
        become(CANCELLING, event);
        waitReason = null;
        dueAt = pollAt;
      }
      case Ended(String word, List<String> files, OptionalInt expected, String lines) -> {
        become(ENDED, event);
        providerStatus = word;
        answerFiles = files.isEmpty() ? null : String.join(" ", files);
        answersExpected = expected.isPresent() ? expected.getAsInt() : null;
        refused = lines;
        polls = 0;
        turnedAway = 0;
        waitReason = null;
        dueAt = now;
      }
      case DownloadFailed(String reason, Instant retryAt, String digest) -> {
        onlyIn(event, ENDED);
        downloads++;
        if (digest != null && !digest.equals(transferDigest)) {
          transferDigest = digest;
          transferSince = now;
        }
        waitFor(WaitReason.PROVIDER, reason, retryAt);
      }
      case Unreadable(String reason) -> {
        onlyIn(event, SUBMITTED, CANCELLING, ENDED);
        fail(event, UNREADABLE, UNREADABLE_BECAUSE.formatted(remoteBatchId, reason));
      }
      case ReadAgain _ -> readAgain(event, now);
      case Downloaded(int ok, int bad, int waiting, long in, long out) -> {
        over(DOWNLOADED, event);
        succeeded = ok;
        answered = ok + bad;
        inputTokens = in;
        outputTokens = out;
      }
      case Failed(String code, String reason) -> fail(event, code, reason);
      case Bisected(String code, String reason, _, _) -> {
        fail(event, code, reason);
        handOver();
      }
      case Cancelled _ -> over(CANCELLED, event);
    }
  }

  /// Its requests are in other partitions now; its own state does not describe them any more.
  void handOver() {
    handedOver = true;
  }

  private void turnedAway(PartitionEvent event, WaitReason waits, String reason, Instant retryAt) {
    refused(event);
    turnedAway++;
    waitFor(waits, reason, retryAt);
  }

  /// The create call was not done, or nothing was: back to where it can be done again.
  private void refused(PartitionEvent event) {
    if (event.isKeepingFile()) {
      onlyIn(event, CREATING);
      become(UPLOADING, event);
      polls = 0;
    } else {
      become(READY, event);
    }
  }

  /// Due at once, and so waiting for nothing: the reason of an earlier wait must not be shown.
  private void ready(PartitionEvent event, Instant now) {
    become(event instanceof Unparked && isFileKept() ? UPLOADING : READY, event);
    waitReason = null;
    dueAt = now;
  }

  /// Only a file that is on record may be used in a create call.
  private void creating(PartitionEvent event, Instant now) {
    if (remoteFileId == null) {
      throw new IllegalMoveException("Partition %s without a file".formatted(id), state, event);
    }
    become(CREATING, event);
    creatingAt = now;
    queuedAt = null;
    waitReason = null;
    dueAt = now;
  }

  private void recall(PartitionEvent event, int n, String fileId, Instant createdAt, Instant now) {
    if (state != RECONCILING) {
      become(RECONCILING, event);
    }
    batchAttempt = n;
    remoteFileId = fileId;
    remoteBatchId = null;
    creatingAt = createdAt;
    fencedAt = null;
    answered = 0;
    polls = 0;
    providerStatus = null;
    waitFor(WaitReason.PROVIDER, "Found at the provider after a fail-over of the database.", now);
  }

  /// From the batch's status on where no file of answers was named.
  private void readAgain(PartitionEvent event, Instant now) {
    if (!isUnreadable() || handedOver) {
      throw new IllegalMoveException("Partition %s".formatted(id), state, event);
    }
    become(answerFiles == null ? SUBMITTED : ENDED, event);
    rereads++;
    downloads = 0;
    polls = 0;
    transferDigest = null;
    transferSince = null;
    errorCode = null;
    lastError = null;
    dueAt = now;
  }

  private void fail(PartitionEvent event, String code, String reason) {
    over(FAILED, event);
    errorCode = code;
    lastError = reason;
  }

  private void over(PartitionState last, PartitionEvent event) {
    become(last, event);
    queuedAt = null;
    dueAt = null;
    waitReason = null;
  }

  private void waitFor(WaitReason waits, @Nullable String reason, @Nullable Instant until) {
    waitReason = waits;
    lastError = reason;
    dueAt = until;
  }

  private void become(PartitionState next, PartitionEvent event) {
    boolean isOver = state.isTerminal() && !(event instanceof ReadAgain);
    if (isOver || !state.canBecome(next)) {
      throw new IllegalMoveException("Partition " + id, state, event);
    }
    state = next;
    // A fence exists only while a batch is searched for.
    fencedAt = null;
  }

  private void onlyIn(PartitionEvent event, PartitionState... states) {
    if (!List.of(states).contains(state)) {
      throw new IllegalMoveException("Partition " + id, state, event);
    }
  }

  /// The caller's action meanwhile.
  void heed(Task task, Instant now) {
    boolean goOn = waitReason == WaitReason.CALLER && task.hold() == HoldPoint.NONE;
    if (goOn || task.state() == TaskState.CANCELLING) {
      dueAt = now;
    }
  }

  /// A bug: the flow asked for a move that the state machine does not know.
  static final class IllegalMoveException extends IllegalStateException {
    IllegalMoveException(Object id, Enum<?> from, Object wanted) {
      super("%s may not go from %s by %s.".formatted(id, from, wanted));
    }
  }
}
