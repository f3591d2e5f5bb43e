package dev.arcticsynth.task.payload;

import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.failpoint.Failpoint;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The state of blobs: `LIVE` from the transaction that adds the first reference to the transaction
/// that removes the last one.
public final class PayloadBlobs {

  private static final String OF_TASK =
      """
      SELECT DISTINCT blob_id FROM request_chunk WHERE task_id = :task
      UNION SELECT DISTINCT blob_id FROM result_chunk WHERE task_id = :task\
      """;

  private PayloadBlobs() {}

  /// Makes a begun blob live; fails where it was collected meanwhile.
  static Uni<Void> publish(UUID blobId) {
    Failpoint.hit("blob.publish.before");
    return execute(
            "UPDATE blob SET state = 'LIVE' WHERE id = :blob AND state = 'OPEN'",
            Map.of("blob", blobId))
        .invoke(() -> Failpoint.hit("blob.publish.after"))
        .invoke(changed -> {
          if (changed != 1) {
            throw new IllegalStateException(
                "Blob %s is not open any more: it took longer than arctic.blob.grace; send it again."
                    .formatted(blobId));
          }
        })
        .replaceWithVoid();
  }

  /// Releases the blobs of a task, and returns them.
  public static Uni<List<UUID>> retire(UUID taskId) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(OF_TASK, UUID.class)
                .setParameter("task", taskId)
                .getResultList())
        .call(blobs ->
            blobs.isEmpty()
                ? Uni.createFrom().voidItem()
                : execute(
                    "UPDATE blob SET state = 'OPEN' WHERE id IN (:blobs)", Map.of("blobs", blobs)));
  }
}
