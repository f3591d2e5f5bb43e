package dev.arcticsynth.task;

import jakarta.persistence.Basic;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The columns of a task, read-only. Only [Task] changes them.
@MappedSuperclass
@SuppressWarnings("NullAway.Init")
public // Hibernate fills the fields
abstract class TaskColumns extends LeaseColumns {

  @Id UUID id;
  String owner;
  String name;

  @Enumerated(EnumType.STRING)
  TaskState state;

  String provider;
  @Nullable String model;
  String endpoint;

  /// Long, and read by ingest alone; see [TaskRepository#defaults].
  @Basic(fetch = FetchType.LAZY)
  @Nullable String defaults;

  @Nullable Integer batchSize;
  @Nullable Long maxFileBytes;
  boolean auto;

  @Enumerated(EnumType.STRING)
  HoldPoint hold;

  int maxAttempts;
  String metadata;
  long requests;
  boolean explicitIds;
  boolean generatedIds;
  boolean lookalikeIds;
  boolean split;
  int partitions;
  long succeeded;
  long failed;
  long cancelled;
  @Nullable String failure;

  @Enumerated(EnumType.STRING)
  @Nullable StopReason stoppedBy;

  @Nullable Instant deadline;
  Instant createdAt;
  @Nullable Instant submittedAt;
  @Nullable Instant finishedAt;
  int endings;
  @Nullable Instant dueAt;

  public UUID id() {
    return id;
  }

  public String owner() {
    return owner;
  }

  public String name() {
    return name;
  }

  public TaskState state() {
    return state;
  }

  public String provider() {
    return provider;
  }

  public Optional<String> model() {
    return Optional.ofNullable(model);
  }

  public String endpoint() {
    return endpoint;
  }

  public OptionalInt batchSize() {
    return batchSize == null ? OptionalInt.empty() : OptionalInt.of(batchSize);
  }

  public OptionalLong maxFileBytes() {
    return maxFileBytes == null ? OptionalLong.empty() : OptionalLong.of(maxFileBytes);
  }

  public boolean isAuto() {
    return auto;
  }

  public HoldPoint hold() {
    return hold;
  }

  public int maxAttempts() {
    return maxAttempts;
  }

  public String metadata() {
    return metadata;
  }

  public long requests() {
    return requests;
  }

  /// Whether any of its requests came with an id of the caller's.
  public boolean hasExplicitIds() {
    return explicitIds;
  }

  public boolean isSplit() {
    return split;
  }

  public long succeeded() {
    return succeeded;
  }

  public long failed() {
    return failed;
  }

  public long cancelled() {
    return cancelled;
  }

  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /// Why it was stopped; only while it is cancelling or cancelled.
  public Optional<StopReason> stoppedBy() {
    return Optional.ofNullable(stoppedBy);
  }

  /// When it ends, with the answers so far.
  public Optional<Instant> deadline() {
    return Optional.ofNullable(deadline);
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Optional<Instant> submittedAt() {
    return Optional.ofNullable(submittedAt);
  }

  public Optional<Instant> finishedAt() {
    return Optional.ofNullable(finishedAt);
  }

  /// How often it has ended: more than once where it was retried.
  int endings() {
    return endings;
  }

  public Optional<Instant> dueAt() {
    return Optional.ofNullable(dueAt);
  }
}
