package dev.arcticsynth.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowestClassesTest {

  @Test
  void the_twenty_slowest_are_listed_the_slowest_first() {
    // Given
    Map<String, Duration> took =
        IntStream.rangeClosed(1, 25)
            .boxed()
            .collect(Collectors.toMap(n -> "Class" + n, n -> Duration.ofMillis(n * 100L)));
    // When
    String table = SlowestClasses.table("plain", Duration.ofSeconds(9), took, Map.of("Class25", 7));
    // Then
    assertThat(table.lines().skip(1))
        .hasSize(21)
        .startsWith(
            "The 20 slowest of 25 classes, stage plain: 9.0 s in all",
            "     2.5 s      7 tests  Class25",
            "     2.4 s      0 tests  Class24")
        .endsWith("     0.6 s      0 tests  Class6");
  }

  @Test
  void the_suite_that_ends_last_shows_those_of_all_suites(@TempDir Path folder) throws IOException {
    // Given
    Path list = Files.writeString(folder.resolve("service.txt"), "one\ntwo\n");
    var start = Instant.parse("2026-11-29T10:00:00Z");
    var first = times(start, "dev.arcticsynth.suites.Suite01", "One", 1);
    var second = times(start.plusSeconds(9), "dev.arcticsynth.suites.Suite02", "Two", 2);
    // When
    assertThat(second.ofAllSuites(list)).isEmpty();
    Optional<StageTimes> all = first.ofAllSuites(list);
    // Then
    assertThat(all)
        .contains(
            new StageTimes(
                start,
                Map.of("One", Duration.ofSeconds(1), "Two", Duration.ofSeconds(2)),
                Map.of("One", 1, "Two", 2)));
    assertThat(first.ofAllSuites(list)).as("printed once").isEmpty();
  }

  private static StageTimes times(Instant start, String suite, String name, int n) {
    var whole = Duration.ofSeconds(3);
    return new StageTimes(
        start, Map.of(suite, whole, name, Duration.ofSeconds(n)), Map.of(name, n));
  }
}
