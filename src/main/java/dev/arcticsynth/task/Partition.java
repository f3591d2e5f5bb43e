package dev.arcticsynth.task;

import static dev.arcticsynth.task.PartitionState.*;

import dev.arcticsynth.task.PartitionEvent.*;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Requests that travel together: those of one model and endpoint that a provider takes in one
/// batch.
@Entity
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
public class Partition {

  /// So often a provider may refuse the same requests before we believe it.
  private static final int MAX_REFUSALS = 2;

  private static final PartitionState[] OPEN =
      Stream.of(PartitionState.values())
          .filter(state -> !state.isTerminal())
          .toArray(PartitionState[]::new);

  @Id private UUID id;
  private UUID taskId;
  private int ordinal;

  @Enumerated(EnumType.STRING)
  private PartitionKind kind;

  private String provider;
  private String model;
  private @Nullable String remoteModel;
  private String endpoint;

  @Enumerated(EnumType.STRING)
  private PartitionState state;

  private long firstSeq;
  private long lastSeq;
  private int requests;
  private long wireBytes;
  private int tries;
  private int attempt;
  private int refusals;
  private int turnedAway;
  private long tokens;
  private @Nullable Instant queuedAt;
  private @Nullable Instant dueAt;
  private @Nullable UUID leaseToken;
  private @Nullable String leaseOwner;
  private @Nullable Instant leaseUntil;
  private @Nullable String remoteFileId;
  private @Nullable String remoteBatchId;
  private @Nullable Instant creatingAt;
  private @Nullable Instant fencedAt;
  private int polls;
  private @Nullable String providerStatus;
  private int answered;
  private @Nullable String answerFiles;
  private @Nullable Integer answersExpected;
  private @Nullable String refused;
  private int downloads;

  @Enumerated(EnumType.STRING)
  private @Nullable WaitReason waitReason;

  private @Nullable String lastError;
  private @Nullable String errorCode;
  private int succeeded;
  private long inputTokens;
  private long outputTokens;
  private boolean handedOver;
  private @Nullable UUID parentId;
  private @Nullable Integer parentOrdinal;
  private @Nullable UUID rootId;
  private Instant createdAt;

  protected Partition() {}

  /// @param tries which try of its requests this is, 1 for the first
  Partition(
      UUID taskId, int ordinal, String provider, Cut cut, int tries, boolean held, Instant now) {
    this.id = cut.idOf(taskId, ordinal, tries);
    this.taskId = taskId;
    this.ordinal = ordinal;
    this.kind = cut.kind();
    this.provider = provider;
    this.model = cut.model();
    this.endpoint = cut.endpoint();
    this.firstSeq = cut.firstSeq();
    this.lastSeq = cut.lastSeq();
    this.requests = cut.requests();
    this.wireBytes = cut.wireBytes();
    this.tokens = cut.estimatedTokens();
    this.tries = tries;
    this.state = READY;
    this.createdAt = now;
    if (held) {
      waitReason = WaitReason.CALLER;
    } else {
      dueAt = now;
    }
  }

  /// A half of a partition that was refused twice: its requests are as old as their refusals, so
  /// that one more is believed.
  static Partition halfOf(Partition whole, Cut half, int ordinal, boolean held, Instant now) {
    var partition =
        new Partition(whole.taskId, ordinal, whole.provider, half, whole.tries, held, now);
    partition.parentId = whole.id;
    partition.parentOrdinal = whole.ordinal;
    partition.rootId = whole.rootId();
    partition.refusals = MAX_REFUSALS - 1;
    return partition;
  }

  /// Whether one more refusal is believed, and leaves something to be told apart.
  public boolean isToBeHalved() {
    return refusals + 1 >= MAX_REFUSALS && requests > 1;
  }

  /// The only way a partition changes.
  void apply(PartitionEvent event, Instant now) {
    switch (event) {
      case UploadBegun(_, String chosen) -> {
        become(UPLOADING, event);
        remoteModel = chosen;
        attempt++;
        remoteFileId = null;
        remoteBatchId = null;
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
      case Stored(String fileId, String word, Instant lookAt) -> {
        onlyIn(event, UPLOADING);
        polls = fileId.equals(remoteFileId) ? polls + 1 : 0;
        remoteFileId = fileId;
        waitFor(WaitReason.FILE, "The provider is reading the file: " + word + ".", lookAt);
      }
      case CreateBegun _ -> creating(event, now);
      case Submitted(String batchId, Instant pollAt, _) -> {
        become(SUBMITTED, event);
        remoteBatchId = batchId;
        waitReason = null;
        dueAt = pollAt;
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
      case Recalled(_, int n, _, String fileId, Instant createdAt) ->
          recall(event, n, fileId, createdAt, now);
      case Abandoned(String reason) -> {
        ready(event, now);
        lastError = reason;
      }
      case TurnedAway(WaitReason waits, String reason, Instant retryAt) -> {
        become(READY, event);
        turnedAway++;
        waitFor(waits, reason, retryAt);
      }
      case Full(String reason, _, Instant retryAt) -> {
        become(READY, event);
        turnedAway++;
        waitFor(WaitReason.QUOTA, reason, retryAt);
      }
      case HeldBack(WaitReason waits, String reason, Instant until) -> {
        onlyIn(event, READY, UPLOADING, PARKED);
        if (waits != WaitReason.QUOTA) {
          queuedAt = null;
        } else if (queuedAt == null) {
          queuedAt = now;
        }
        waitFor(waits, reason, until);
      }
      case Refused(String code, String reason, Instant retryAt, _) -> {
        if (refusals + 1 < MAX_REFUSALS) {
          become(READY, event);
          waitFor(WaitReason.RETRY, reason, retryAt);
        } else {
          fail(event, code, reason);
        }
        refusals++;
        turnedAway = 0;
      }
      case Parked(WaitReason waits, String reason, Instant retryAt) -> {
        become(PARKED, event);
        waitFor(waits, reason, retryAt);
      }
      case Unparked _ -> ready(event, now);
      case Deferred(WaitReason waits, String reason, Instant retryAt) -> {
        onlyIn(event, OPEN);
        waitFor(waits, reason, retryAt);
        polls++;
      }
      case Doubted(String word, String reason, Instant retryAt) -> {
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
      case DownloadFailed(String reason, Instant retryAt) -> {
        onlyIn(event, ENDED);
        downloads++;
        waitFor(WaitReason.PROVIDER, reason, retryAt);
      }
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

  /// Its requests are in other partitions' hands now; its own state says nothing of them any more.
  void handOver() {
    handedOver = true;
  }

  /// Due at once, and so waiting for nothing: whoever asks must not be told what it waited for.
  private void ready(PartitionEvent event, Instant now) {
    become(READY, event);
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
    attempt = n;
    remoteFileId = fileId;
    remoteBatchId = null;
    creatingAt = createdAt;
    fencedAt = null;
    answered = 0;
    polls = 0;
    providerStatus = null;
    waitFor(WaitReason.PROVIDER, "Found at the provider after the database forgot it.", now);
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
    if (!state.canBecome(next)) {
      throw new IllegalMoveException("Partition " + id, state, event);
    }
    state = next;
    // Only who looks for a batch has put up a fence.
    fencedAt = null;
  }

  private void onlyIn(PartitionEvent event, PartitionState... states) {
    if (!List.of(states).contains(state)) {
      throw new IllegalMoveException("Partition " + id, state, event);
    }
  }

  /// The lease goes with the step that held it; the next step is claimed anew.
  void release() {
    leaseToken = null;
    leaseOwner = null;
    leaseUntil = null;
  }

  /// It is about to wait in a state in which a caller's word moves it on.
  boolean mayWaitForCaller(Instant now) {
    boolean waits = dueAt == null || dueAt.isAfter(now);
    return waits && (state == READY || state == UPLOADING || state == PARKED);
  }

  /// What the caller has said meanwhile.
  void heed(Task task, Instant now) {
    boolean goOn = waitReason == WaitReason.CALLER && task.hold() == Hold.NONE;
    if (goOn || task.state() == TaskState.CANCELLING) {
      dueAt = now;
    }
  }

  /// The step that holds the lease goes on.
  void keepUntil(Instant until) {
    if (leaseUntil == null || leaseUntil.isBefore(until)) {
      leaseUntil = until;
    }
  }

  /// A batch of this try may have been forgotten: a later try than the newest that we know of, or
  /// one that had not come so far. A batch that was answered has no later try.
  public boolean mayHaveForgotten(int n) {
    return switch (state) {
      case READY, CREATING, RECONCILING, SUBMITTED, PARKED -> n > attempt;
      case UPLOADING -> n >= attempt;
      case CANCELLING, ENDED, DOWNLOADED, FAILED, CANCELLED -> false;
    };
  }

  public UUID id() {
    return id;
  }

  public UUID taskId() {
    return taskId;
  }

  public int ordinal() {
    return ordinal;
  }

  public PartitionKind kind() {
    return kind;
  }

  public String provider() {
    return provider;
  }

  public String model() {
    return model;
  }

  /// What answers its requests at the provider: the model, or what a try has chosen for it.
  public String remoteModel() {
    return remoteModel == null ? model : remoteModel;
  }

  public String endpoint() {
    return endpoint;
  }

  public PartitionState state() {
    return state;
  }

  public long firstSeq() {
    return firstSeq;
  }

  public long lastSeq() {
    return lastSeq;
  }

  public int requests() {
    return requests;
  }

  /// The exact size of its file on the provider's wire.
  public long wireBytes() {
    return wireBytes;
  }

  /// Its input tokens, estimated.
  public long tokens() {
    return tokens;
  }

  /// Since when it waits for room among what we have enqueued ourselves.
  public Optional<Instant> queuedAt() {
    return Optional.ofNullable(queuedAt);
  }

  /// Which try of its requests this is, 1 for the first.
  public int tries() {
    return tries;
  }

  /// How many remote batches were asked for; also the number of the newest attempt.
  public int attempt() {
    return attempt;
  }

  public Optional<Instant> dueAt() {
    return Optional.ofNullable(dueAt);
  }

  public Optional<String> remoteFileId() {
    return Optional.ofNullable(remoteFileId);
  }

  public Optional<String> remoteBatchId() {
    return Optional.ofNullable(remoteBatchId);
  }

  public Optional<Instant> creatingAt() {
    return Optional.ofNullable(creatingAt);
  }

  public boolean isFenced() {
    return fencedAt != null;
  }

  /// Polls since the provider last said something new.
  public int polls() {
    return polls;
  }

  public Optional<String> providerStatus() {
    return Optional.ofNullable(providerStatus);
  }

  /// How often the provider has refused the requests.
  public int refusals() {
    return refusals;
  }

  /// How often in a row the provider would not take it, for reasons that pass.
  public int turnedAway() {
    return turnedAway;
  }

  public int answered() {
    return answered;
  }

  public List<String> answerFiles() {
    return answerFiles == null ? List.of() : List.of(answerFiles.split(" "));
  }

  public OptionalInt answersExpected() {
    return answersExpected == null ? OptionalInt.empty() : OptionalInt.of(answersExpected);
  }

  /// Lines that the provider refused together with the file, as JSON.
  public Optional<String> refused() {
    return Optional.ofNullable(refused);
  }

  public int downloads() {
    return downloads;
  }

  public Optional<WaitReason> waitReason() {
    return Optional.ofNullable(waitReason);
  }

  public Optional<String> lastError() {
    return Optional.ofNullable(lastError);
  }

  public Optional<String> errorCode() {
    return Optional.ofNullable(errorCode);
  }

  /// The partition that it is a half of.
  public Optional<UUID> parentId() {
    return Optional.ofNullable(parentId);
  }

  public OptionalInt parentOrdinal() {
    return parentOrdinal == null ? OptionalInt.empty() : OptionalInt.of(parentOrdinal);
  }

  /// The partition that was halved first; itself where it is nobody's half.
  UUID rootId() {
    return rootId == null ? id : rootId;
  }

  public boolean isHandedOver() {
    return handedOver;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /// A bug: the flow asked for a move that the state machine does not know.
  static final class IllegalMoveException extends IllegalStateException {
    IllegalMoveException(Object id, Enum<?> from, Object wanted) {
      super("%s may not go from %s by %s.".formatted(id, from, wanted));
    }
  }
}
