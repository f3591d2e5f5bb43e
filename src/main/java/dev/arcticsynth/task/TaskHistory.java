package dev.arcticsynth.task;

import dev.arcticsynth.task.PartitionEvent.*;
import dev.arcticsynth.task.lease.Replica;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Writes the history of a task that its owner reads.
@ApplicationScoped
@Priority(PartitionObserver.HISTORY)
class TaskHistory implements PartitionObserver {

  private final Replica replica;

  TaskHistory(Replica replica) {
    this.replica = replica;
  }

  @Override
  public Uni<Void> inTransaction(PartitionChange change) {
    return isHistory(change)
        ? write(change.partition(), change.event(), replica.name(), change.at())
        : Uni.createFrom().voidItem();
  }

  /// A poll without news is not recorded, and of a wait only the beginning is.
  private static boolean isHistory(PartitionChange change) {
    return switch (change.event()) {
      case StillRunning _ -> false;
      case AdmissionDeferred _, InputPending _ -> change.isNewWait();
      case StatusSuspect _ -> change.isNewReason();
      default -> true;
    };
  }

  static Uni<Void> write(Partition partition, PartitionEvent event, String actor, Instant now) {
    var line =
        new TaskEvent(
                partition.taskId(),
                now,
                actor,
                "partition." + event.apiName(),
                detailOf(partition, event))
            .about(partition.ordinal(), requestIdOf(event));
    return Panache.getSession().chain(session -> session.persist(line));
  }

  static Uni<Void> write(
      Task task, String what, @Nullable String detail, String actor, Instant now) {
    return Panache.getSession()
        .chain(session ->
            session.persist(new TaskEvent(task.id(), now, actor, "task." + what, detail)));
  }

  private static @Nullable String detailOf(Partition partition, PartitionEvent event) {
    return switch (event) {
      case UploadBegun(String tag, String chosen) -> chosen == null ? tag : tag + " with " + chosen;
      case InputPending(String fileId, String word, _) -> fileId + " " + word;
      case Uploaded(String fileId, _) -> fileId;
      case Submitted(String batchId, _, _) -> batchId;
      case Adopted(String batchId, _, _, _) -> batchId;
      case CreateUnknown(String reason, _) -> reason;
      case Recovered(_, _, String tag, _, _) -> tag;
      case Abandoned(String reason) -> reason;
      case TemporarilyRejected(_, String reason, _, _) -> reason;
      case AdmissionDeferred(_, String reason, _) -> reason;
      case QuotaExceeded(String reason, _, _, _) -> reason;
      case Rejected(_, String reason, _, _) -> reason;
      case Bisected(_, String reason, _, _) -> reason;
      case Parked(_, String reason, _, _) -> reason;
      case Deferred(_, String reason, _) -> reason;
      case StatusSuspect(_, String reason, _) -> reason;
      case DownloadFailed(String reason, _, _) -> reason;
      case Unreadable(String reason) -> reason;
      case Failed(_, String reason) -> reason;
      case Ended(String word, _, _, _) -> word;
      case Downloaded(int succeeded, int failed, int waiting, _, _) ->
          "succeeded=%d failed=%d to_retry=%d".formatted(succeeded, failed, waiting);
      case CreateBegun _,
          Fenced _,
          Unparked _,
          StillRunning _,
          CancelAsked _,
          ReadAgain _,
          Cancelled _ ->
          partition.remoteBatchId().orElse(null);
    };
  }

  private static @Nullable String requestIdOf(PartitionEvent event) {
    return switch (event) {
      case Submitted(_, _, String requestId) -> requestId;
      case CreateUnknown(_, String requestId) -> requestId;
      default -> null;
    };
  }
}
