package dev.arcticsynth.task;

import jakarta.persistence.Column;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The columns of a partition, read-only. [Partition#apply] is the only way they change.
@MappedSuperclass
@SuppressWarnings("NullAway.Init")
public // Hibernate fills the fields
abstract class PartitionColumns extends LeaseColumns {

  /// How often a provider may refuse the same requests before the refusal is final.
  static final int MAX_REFUSALS = 2;

  /// The error code of requests whose answers are at the provider and cannot be used.
  static final String UNREADABLE = "output_unreadable";

  @Id UUID id;
  UUID taskId;
  int ordinal;

  @Enumerated(EnumType.STRING)
  PartitionKind kind;

  String provider;
  String model;
  @Nullable String remoteModel;
  String endpoint;

  @Enumerated(EnumType.STRING)
  PartitionState state;

  long firstSeq;
  long lastSeq;
  int requests;
  long wireBytes;

  @Column(name = "tries")
  int requestAttempt;

  @Column(name = "attempt")
  int batchAttempt;

  int refusals;
  int turnedAway;
  long tokens;
  @Nullable Instant queuedAt;
  @Nullable Instant dueAt;
  @Nullable String remoteFileId;
  @Nullable String remoteBatchId;
  boolean callersIds;
  @Nullable Instant creatingAt;
  @Nullable Instant fencedAt;
  int polls;
  @Nullable String providerStatus;
  int answered;
  @Nullable String answerFiles;
  @Nullable Integer answersExpected;
  @Nullable String refused;
  int downloads;
  int rereads;
  @Nullable String transferDigest;
  @Nullable Instant transferSince;

  @Enumerated(EnumType.STRING)
  @Nullable WaitReason waitReason;

  @Nullable String lastError;
  @Nullable String errorCode;
  int succeeded;
  long inputTokens;
  long outputTokens;
  boolean handedOver;
  @Nullable UUID parentId;
  @Nullable Integer parentOrdinal;
  @Nullable UUID rootId;
  Instant createdAt;

  /// Makes this a half of a partition. It keeps the count of refusals, so that one more is final;
  /// of a file that was too large, no request is at fault.
  final void descendFrom(PartitionColumns whole) {
    parentId = whole.id;
    parentOrdinal = whole.ordinal;
    rootId = whole.rootId();
    refusals =
        whole.errorCode().filter(PartitionEvent.FILE_TOO_LARGE::equals).isPresent()
            ? whole.refusals
            : MAX_REFUSALS - 1;
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

  /// What answers its requests at the provider: the model, or the deployment that was chosen for
  /// it.
  public String remoteModel() {
    return remoteModel == null ? model : remoteModel;
  }

  public String endpoint() {
    return endpoint;
  }

  /// Which requests it is made of.
  PartitionSpec cut() {
    return new PartitionSpec(kind, model, endpoint, firstSeq, lastSeq, requests, wireBytes);
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

  /// Since when it waits for capacity in our own token limit.
  public Optional<Instant> queuedAt() {
    return Optional.ofNullable(queuedAt);
  }

  /// Which attempt of its requests this is, 1 for the first.
  public int requestAttempt() {
    return requestAttempt;
  }

  /// How many remote batches were asked for; also the number of the newest batch attempt.
  public int batchAttempt() {
    return batchAttempt;
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

  /// Whether its file has the ids that the caller gave, and so its answers have: another client has
  /// uploaded it.
  public boolean hasCallersIds() {
    return callersIds;
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

  /// How often a person had its answers read again.
  public int rereads() {
    return rereads;
  }

  /// Since when whole transfers of its answers have been these.
  public Optional<Instant> transferredSince(String digest) {
    return digest.equals(transferDigest) ? Optional.ofNullable(transferSince) : Optional.empty();
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

  /// The partition that was halved first; itself where it is not a half.
  UUID rootId() {
    return rootId == null ? id : rootId;
  }

  public boolean isHandedOver() {
    return handedOver;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /// Its batch was asked for, and the call failed or its answer cannot be.
  public boolean isStatusUnread() {
    return (state == PartitionState.SUBMITTED || state == PartitionState.CANCELLING)
        && waitReason == WaitReason.PROVIDER;
  }

  /// It failed because none of its answers can be used, and they stay at the provider.
  boolean isUnreadable() {
    return state == PartitionState.FAILED && UNREADABLE.equals(errorCode);
  }

  /// It is about to wait in a state that a caller's action ends.
  boolean mayWaitForCaller(Instant now) {
    boolean waits = dueAt == null || dueAt.isAfter(now);
    return waits
        && (state == PartitionState.READY
            || state == PartitionState.UPLOADING
            || state == PartitionState.PARKED);
  }

  /// Whether one more refusal is final, and the partition can be bisected.
  public boolean isToBeHalved() {
    return refusals + 1 >= MAX_REFUSALS && requests > 1;
  }

  /// Parked with a file that its attempt goes on with. A parked one whose attempt is over still has
  /// the time of its create.
  boolean isFileKept() {
    return state == PartitionState.PARKED && remoteFileId != null && creatingAt == null;
  }

  /// The file is uploaded for an attempt that has not begun its create.
  public boolean isHolding(String fileId) {
    return (state == PartitionState.UPLOADING || isFileKept()) && fileId.equals(remoteFileId);
  }

  /// A batch of this attempt may have been lost in a fail-over: an attempt after the newest in our
  /// rows, or one that had not come so far. A partition with stored answers has no later attempt.
  public boolean mayHaveForgotten(int n) {
    return switch (state) {
      case READY, CREATING, RECONCILING, SUBMITTED -> n > batchAttempt;
      case PARKED -> n > batchAttempt || n == batchAttempt && isFileKept();
      case UPLOADING -> n >= batchAttempt;
      case CANCELLING, ENDED, DOWNLOADED, FAILED, CANCELLED -> false;
    };
  }
}
