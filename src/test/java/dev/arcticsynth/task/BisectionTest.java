package dev.arcticsynth.task;

import static dev.arcticsynth.task.Partitions.LATER;
import static dev.arcticsynth.task.Partitions.NOW;
import static dev.arcticsynth.task.Partitions.apply;
import static dev.arcticsynth.task.Partitions.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.PartitionEvent.Bisected;
import dev.arcticsynth.task.PartitionEvent.Rejected;
import dev.arcticsynth.task.PartitionEvent.Submitted;
import dev.arcticsynth.task.PartitionEvent.UploadBegun;
import dev.arcticsynth.task.PartitionEvent.Uploaded;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BisectionTest {

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 64, 1_000, 49_999, 50_000})
  void one_bad_request_stands_alone_before_the_halves_are_used_up(int requests) {
    var random = new Random(requests);
    for (int i = 0; i < 500; i++) {
      // Given
      long bad = i == 0 ? 0 : i == 1 ? requests - 1 : random.nextInt(requests);

      // When
      Search search = search(requests, Set.of(bad));

      // Then
      assertThat(search.failed()).as("bad=%d", bad).isEqualTo(1);
      assertThat(search.halves()).isLessThanOrEqualTo(2 * bits(requests));
    }
  }

  @Test
  void two_bad_requests_among_few_are_separated() {
    assertThat(search(64, Set.of(3L, 60L)).failed()).isEqualTo(2);
    assertThat(search(64, Set.of(3L, 4L)).failed()).isEqualTo(2);
  }

  @Test
  void the_search_ends_where_all_are_bad() {
    // Given
    var all =
        java.util.stream.LongStream.range(0, 50_000)
            .boxed()
            .collect(java.util.stream.Collectors.toSet());

    // When
    Search search = search(50_000, all);

    // Then
    assertThat(search.halves()).isEqualTo(Bisection.MOST_HALVES);
    assertThat(search.failed()).isEqualTo(50_000);
  }

  @Test
  void a_half_counts_as_bad_at_its_first_refusal() {
    // Given
    Partition whole = partition(0, 7);
    begun(whole);
    apply(whole, new Rejected("c", "r", LATER, true));
    boolean afterOne = whole.isToBeHalved();
    begun(whole);

    // When
    var half = NewPartitions.halfOf(whole, cut(0, 3), 5, false, NOW);
    var single = NewPartitions.halfOf(half, cut(2, 2), 6, false, NOW);
    apply(whole, new Bisected("c", "r", cut(0, 3), cut(4, 7)));

    // Then
    assertThat(afterOne).isTrue();
    assertThat(whole.state()).isEqualTo(PartitionState.FAILED);
    assertThat(whole.isHandedOver()).isTrue();
    assertThat(half.isToBeHalved()).isTrue();
    assertThat(half.parentId()).contains(whole.id());
    assertThat(half.requestAttempt()).isEqualTo(whole.requestAttempt());
    assertThat(single.rootId()).isEqualTo(whole.id());
    assertThat(single.isToBeHalved()).isFalse();
    begun(single);
    apply(single, new Rejected("c", "r", LATER, true));
    assertThat(single.state()).isEqualTo(PartitionState.FAILED);
    assertThat(single.isHandedOver()).isFalse();
  }

  private static void begun(Partition partition) {
    apply(
        partition,
        new UploadBegun("tag"),
        new Uploaded("file", false),
        new Submitted("batch", LATER, null));
  }

  private static PartitionSpec cut(long first, long last) {
    return new PartitionSpec(
        PartitionKind.BASE, "m", "/v1/x", first, last, (int) (last - first + 1), 10);
  }

  /// @param failed requests that end without an answer
  private record Search(int halves, long failed) {}

  /// What the flow does, on numbers alone.
  private static Search search(int requests, Set<Long> bad) {
    int halves = 0;
    long failed = 0;
    var open = new ArrayDeque<long[]>();
    open.add(new long[] {0, requests});
    while (!open.isEmpty()) {
      long[] range = open.removeFirst();
      long count = range[1] - range[0];
      if (bad.stream().noneMatch(at -> at >= range[0] && at < range[1])) {
        continue;
      }
      if (count == 1 || !Bisection.mayHalve(halves)) {
        failed += count;
        continue;
      }
      halves += 2;
      open.add(new long[] {range[0], range[0] + count / 2});
      open.add(new long[] {range[0] + count / 2, range[1]});
    }
    return new Search(halves, failed);
  }

  private static int bits(int requests) {
    return 32 - Integer.numberOfLeadingZeros(requests - 1);
  }
}
