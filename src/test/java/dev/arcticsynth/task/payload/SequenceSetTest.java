package dev.arcticsynth.task.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceSetTest {

  @Test
  void numbers_without_gaps_need_no_bytes() {
    // When
    SequenceSet dense = SequenceSet.of(7, new int[] {0, 1, 2, 3});

    // Then
    assertThat(dense.gaps()).isNull();
    assertThat(dense.last()).isEqualTo(10);
    assertThat(SequenceSet.range(7, 4).at(2)).isEqualTo(9);
  }

  @Test
  void what_is_written_is_read_again() {
    for (long seed = 0; seed < 2_000; seed++) {
      // Given
      var random = new Random(seed);
      int[] offsets = offsets(random);
      SequenceSet written = SequenceSet.of(random.nextLong(1L << 40), offsets);

      // When
      SequenceSet read = SequenceSet.read(written.first(), written.count(), written.gaps());

      // Then
      for (int line = 0; line < offsets.length; line++) {
        assertThat(read.at(line))
            .as("seed %d", seed)
            .isEqualTo(written.at(line))
            .isEqualTo(written.first() + offsets[line]);
      }
    }
  }

  @Test
  void the_line_of_a_number_is_the_first_that_is_not_below_it() {
    for (long seed = 0; seed < 2_000; seed++) {
      // Given
      var random = new Random(seed);
      int[] offsets = offsets(random);
      long first = random.nextLong(1L << 40);
      SequenceSet sequenceSet = SequenceSet.of(first, offsets);
      long wanted = first - 2 + random.nextLong(offsets[offsets.length - 1] + 5L);

      // When
      int line = sequenceSet.lineOf(wanted);

      // Then
      int naive = 0;
      while (naive < offsets.length && first + offsets[naive] < wanted) {
        naive++;
      }
      assertThat(line).as("seed %d", seed).isEqualTo(naive);
    }
  }

  @Test
  void a_number_far_away_is_behind_the_last_line() {
    // Given
    SequenceSet gaps = SequenceSet.of(5, new int[] {0, 9});
    SequenceSet dense = SequenceSet.range(5, 2);

    // When
    int behindGaps = gaps.lineOf(Long.MAX_VALUE);
    int behindDense = dense.lineOf(Long.MAX_VALUE);

    // Then
    assertThat(behindGaps).isEqualTo(2);
    assertThat(behindDense).isEqualTo(2);
  }

  @Test
  void the_same_lines_can_be_numbered_from_another_start() {
    // Given
    SequenceSet sequenceSet = SequenceSet.of(0, new int[] {0, 3, 300});

    // When
    SequenceSet moved = sequenceSet.startingAt(1_000);

    // Then
    assertThat(moved.first()).isEqualTo(1_000);
    assertThat(moved.at(1)).isEqualTo(1_003);
    assertThat(moved.last()).isEqualTo(1_300);
  }

  private static int[] offsets(Random random) {
    int[] offsets = new int[1 + random.nextInt(40)];
    int most = 1 << random.nextInt(24);
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = offsets[i - 1] + 1 + random.nextInt(most);
    }
    return offsets;
  }
}
