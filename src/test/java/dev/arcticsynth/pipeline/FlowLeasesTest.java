package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FlowProfile.class)
class FlowLeasesTest extends Flow {

  private static final Duration SOON = Duration.ofSeconds(10);

  @Inject Claims claims;

  /// Who records a partition holds its row and wants its task's; a renewal that held the task's and
  /// wanted the partition's would be half of a deadlock.
  @Test
  void a_renewal_does_not_wait_for_a_recording() {
    // Given
    submit(4, "batch_size=2");
    runUntilPartitionIs("submitted");
    waitForTheNextMove();
    clock.advance(Duration.ofMinutes(10));
    List<Claim> ours =
        claims
            .claimDue(clock.instant(), "test", Duration.ofMinutes(1), List.of("simulator"), 2)
            .await()
            .atMost(SOON);
    assertThat(ours).hasSize(2);
    Instant until = clock.instant().plus(Duration.ofMinutes(2));
    SqlConnection recording = pool.getConnection().await().atMost(SOON);
    try {
      run(recording, "BEGIN");
      run(
          recording,
          "SELECT 1 FROM partition WHERE id = $1 FOR NO KEY UPDATE",
          ours.getFirst().id());
      // When
      Void _ = claims.renew(ours, until).await().atMost(SOON);
    } finally {
      run(recording, "ROLLBACK");
      Void _ = recording.close().await().atMost(SOON);
    }
    // Then
    assertThat(
            sql("SELECT id FROM partition WHERE lease_until = $1", until.atOffset(ZoneOffset.UTC)))
        .singleElement()
        .satisfies(row -> assertThat(row.getUUID(0)).isEqualTo(ours.getLast().id()));
  }

  private static void run(SqlConnection connection, String sql, Object... parameters) {
    var _ = connection.preparedQuery(sql).execute(Tuple.from(parameters)).await().atMost(SOON);
  }
}
