package dev.arcticsynth.task;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One line of a task's history. Append only.
@Entity
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // Hibernate reads and fills the fields
public class TaskEvent {

  /// The actor of a caller's actions; all others have a replica's name.
  public static final String CALLER = "caller";

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  private UUID taskId;
  private Instant at;
  private String actor;
  private String event;
  private @Nullable Integer partition;
  private @Nullable String detail;
  private @Nullable String providerRequestId;

  protected TaskEvent() {}

  TaskEvent(UUID taskId, Instant at, String actor, String event, @Nullable String detail) {
    this.taskId = taskId;
    this.at = at;
    this.actor = actor;
    this.event = event;
    this.detail = detail;
  }

  TaskEvent about(int ordinal, @Nullable String requestId) {
    this.partition = ordinal;
    this.providerRequestId = requestId;
    return this;
  }

  /// Grows with time within a task.
  public long id() {
    return id;
  }

  public Instant at() {
    return at;
  }

  public String actor() {
    return actor;
  }

  public String event() {
    return event;
  }

  public Optional<Integer> partition() {
    return Optional.ofNullable(partition);
  }

  public Optional<String> detail() {
    return Optional.ofNullable(detail);
  }

  public Optional<String> providerRequestId() {
    return Optional.ofNullable(providerRequestId);
  }
}
