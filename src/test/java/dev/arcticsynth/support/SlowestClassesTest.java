package dev.arcticsynth.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
}
