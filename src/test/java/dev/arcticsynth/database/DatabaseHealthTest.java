package dev.arcticsynth.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DatabaseHealthTest {

  private static final Duration GRACE = Duration.ofSeconds(60);

  private long nanos = 7;
  private final DatabaseHealth databaseHealth = new DatabaseHealth(() -> nanos);

  @Test
  void silence_is_no_outage_while_no_query_runs() {
    // When
    pass(Duration.ofHours(1));

    // Then
    assertThat(databaseHealth.isLostFor(GRACE)).isFalse();
  }

  @Test
  void an_outage_counts_from_the_last_answer() {
    // Given
    databaseHealth.heard();
    pass(Duration.ofSeconds(50));
    databaseHealth.lost(new IllegalStateException("gone"));
    boolean early = databaseHealth.isLostFor(GRACE);

    // When
    pass(Duration.ofSeconds(11));

    // Then
    assertThat(early).isFalse();
    assertThat(databaseHealth.isLostFor(GRACE)).isTrue();
  }

  @Test
  void one_answer_ends_an_outage() {
    // Given
    databaseHealth.lost(new IllegalStateException("gone"));
    pass(Duration.ofHours(1));
    databaseHealth.lost(new IllegalStateException("gone"));
    assertThat(databaseHealth.isLostFor(GRACE)).isTrue();

    // When
    databaseHealth.heard();

    // Then
    assertThat(databaseHealth.isLostFor(GRACE)).isFalse();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
