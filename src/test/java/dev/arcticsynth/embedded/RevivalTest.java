package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RevivalTest {

  private long nanos = 7;
  private int attempts;
  private final ArrayDeque<RuntimeException> failures = new ArrayDeque<>();
  private final Revival revival = new Revival(this::attempt, () -> nanos);

  @Test
  void each_look_tries_while_nothing_fails() {
    // When
    List<Integer> seen = secondsWithAnAttempt(5);

    // Then
    assertThat(seen).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void after_failures_it_waits_longer_each_time_up_to_a_minute() {
    // Given
    for (int i = 0; i < 9; i++) {
      failures.add(new EmbeddedPostgresException("no"));
    }

    // When
    List<Integer> seen = secondsWithAnAttempt(300);

    // Then (2, 4, 8, 16, 32, 60, 60, 60, 60 seconds, and then each second)
    assertThat(seen).startsWith(1, 3, 7, 15, 31, 63, 123, 183, 243);
    assertThat(seen).hasSize(9);
  }

  private List<Integer> secondsWithAnAttempt(int seconds) {
    return IntStream.rangeClosed(1, seconds)
        .filter(second -> {
          nanos += Duration.ofSeconds(1).toNanos();
          int before = attempts;
          revival.run();
          return attempts > before;
        })
        .boxed()
        .toList();
  }

  private boolean attempt() {
    attempts++;
    if (!failures.isEmpty()) {
      throw failures.poll();
    }
    return false;
  }
}
