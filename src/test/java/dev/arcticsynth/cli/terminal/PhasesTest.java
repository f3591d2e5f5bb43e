package dev.arcticsynth.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.cli.FakeTime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PhasesTest {
  private static final Duration LONG = Duration.ofMillis(1200);

  private final FakeTime time = new FakeTime();
  private final List<String> lines = new ArrayList<>();
  private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();

  @Test
  void what_is_over_within_half_a_second_is_not_mentioned() {
    // Given
    var phases = lines();

    // When
    try (var _ = phases.begin("Starting the service")) {
      time.pause(Duration.ofMillis(499));
      phases.show();
    }
    time.pause(LONG);
    phases.show();

    // Then
    assertThat(lines).isEmpty();
  }

  @Test
  void where_a_log_is_written_each_phase_is_one_line() {
    // Given
    var phases = lines();

    // When
    for (String what : List.of("Preparing the database", "Starting the service")) {
      try (var _ = phases.begin(what)) {
        time.pause(LONG);
        phases.show();
        phases.show();
      }
    }

    // Then
    assertThat(lines).containsExactly("Preparing the database …", "Starting the service …");
  }

  @Test
  void on_a_terminal_a_line_moves_and_is_taken_away() {
    // Given
    var phases =
        new Phases(
            Optional.of(
                new Terminal(
                    new PrintStream(drawn, true, UTF_8),
                    new PrintStream(drawn, true, UTF_8),
                    drawn,
                    true,
                    Optional::empty)),
            lines::add,
            time,
            _ -> () -> {});

    // When
    try (var _ = phases.begin("Starting the service")) {
      time.pause(LONG);
      phases.show();
      time.pause(LONG);
      phases.show();
    }

    // Then
    assertThat(drawn.toString(UTF_8).replace("\r\u001b[K", "#"))
        .isEqualTo("#| Starting the service … 1 s#/ Starting the service … 2 s#");
    assertThat(lines).isEmpty();
  }

  private Phases lines() {
    return new Phases(Optional.empty(), lines::add, time, _ -> () -> {});
  }
}
