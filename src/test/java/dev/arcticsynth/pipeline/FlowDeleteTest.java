package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import dev.arcticsynth.task.TaskActions;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowDeleteTest extends Flow {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Inject TaskActions tasks;
  @Inject IsolatedContexts isolatedContexts;
  @Inject OrphanBlobCollector orphanBlobCollector;

  @Test
  void blobs_of_a_task_that_was_deleted_half_way_are_collected() {
    // Given
    submit(4, "batch_size=2");
    run();
    // When (the process dies before the store hears of it)
    List<UUID> left =
        isolatedContexts.run(() -> tasks.delete("default", task)).await().atMost(SOON);
    assertThat(left).isNotEmpty();
    clock.advance(Duration.ofDays(2));
    Void _ = orphanBlobCollector.collect().await().atMost(SOON);
    // Then
    assertThat(sql("SELECT 1 FROM blob WHERE id = ANY ($1)", (Object) left.toArray(UUID[]::new)))
        .isEmpty();
    assertThat(
            sql(
                "SELECT 1 FROM blob_chunk WHERE blob_id = ANY ($1)",
                (Object) left.toArray(UUID[]::new)))
        .isEmpty();
  }

  @Test
  void a_download_without_an_answer_leaves_no_blob_that_counts() {
    // Given
    faults().next(new Fault.RowStatus(400, RowSelection.share(1)));
    submit(3);
    // When
    run();
    // Then
    everyRequestHasOneResult(0, 3, 0);
    assertThat(
            sql(
                """
                SELECT b.id FROM blob b WHERE b.state = 'LIVE'
                   AND NOT EXISTS (SELECT 1 FROM blob_chunk c WHERE c.blob_id = b.id)\
                """))
        .isEmpty();
  }
}
