package dev.arcticsynth.cli.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {

  @Test
  void numbers_count_by_their_value_and_no_two_names_are_the_same() {
    // Given
    var mixed = List.of("t_10", "t_2", "t", "t_1b", "t_1", "t_01", "s_99999999999999999999", "s_9");
    // When
    List<String> sorted = mixed.stream().sorted(new NaturalOrder()).toList();
    // Then
    assertThat(sorted)
        .containsExactly(
            "s_9", "s_99999999999999999999", "t", "t_01", "t_1", "t_1b", "t_2", "t_10");
  }
}
