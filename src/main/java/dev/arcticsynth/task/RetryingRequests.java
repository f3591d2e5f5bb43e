package dev.arcticsynth.task;

import static dev.arcticsynth.task.sql.SessionStatements.execute;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;

/// The requests that a repair partition holds: their rows, which are `RETRYING` meanwhile, follow
/// the partition's end.
@ApplicationScoped
@Priority(PartitionObserver.REQUESTS)
class RetryingRequests implements PartitionObserver {

  @Override
  public Uni<Void> inTransaction(PartitionChange change) {
    var partition = change.partition();
    return partition.state().isTerminal()
            && partition.kind() == PartitionKind.REPAIR
            && !partition.isHandedOver()
        ? free(partition)
        : Uni.createFrom().voidItem();
  }

  /// A repair partition that is over holds nothing: its answers have chunks, unanswered requests
  /// get new rows, and if it failed or was cancelled as a whole, its rows share that fate.
  private static Uni<Void> free(Partition partition) {
    return switch (partition.state()) {
      case DOWNLOADED ->
          execute(
                  "DELETE FROM request_outcome WHERE partition_id = :partition AND state ="
                      + " 'RETRYING'",
                  Map.of("partition", partition.id()))
              .replaceWithVoid();
      case FAILED ->
          share(
              partition,
              partition.errorCode().orElse("failed"),
              partition.lastError().orElse("The provider refused it."));
      case CANCELLED ->
          stopOf(partition.taskId())
              .chain(stopReason -> share(partition, stopReason.code(), stopReason.message()));
      default -> throw new IllegalStateException("Not over: " + partition.state());
    };
  }

  private static Uni<Void> share(Partition partition, String code, String message) {
    return execute(
            """
            UPDATE request_outcome SET state = :state, code = :code, message = :message
             WHERE partition_id = :partition AND state = 'RETRYING'\
            """,
            Map.of(
                "state",
                partition.state().name(),
                "code",
                code,
                "message",
                message,
                "partition",
                partition.id()))
        .replaceWithVoid();
  }

  /// Not by loading the task: what is locked afterwards must be read under the lock.
  private static Uni<StopReason> stopOf(UUID taskId) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery("SELECT stopped_by FROM task WHERE id = :task", String.class)
                .setParameter("task", taskId)
                .getSingleResultOrNull())
        .map(stop -> stop == null ? StopReason.CALLER : StopReason.valueOf(stop));
  }
}
