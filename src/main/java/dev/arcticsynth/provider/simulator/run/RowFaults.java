package dev.arcticsynth.provider.simulator.run;

import dev.arcticsynth.provider.simulator.fault.Fault;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// In which order the rows of a batch come out, how many of them are run, and what happens to
/// which.
final class RowFaults {
  private final int[] order;
  private final int answered;
  private final Fault.@Nullable OnRows[] struck;

  private RowFaults(int[] order, int answered, Fault.@Nullable OnRows[] struck) {
    this.order = order;
    this.answered = answered;
    this.struck = struck;
  }

  static RowFaults draw(int total, double share, List<Fault.OnRows> faults, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int answered = (int) Math.round(share * total);
    RowFaults rowFaults =
        new RowFaults(
            shuffled(total, random), answered, new Fault.OnRows[faults.isEmpty() ? 0 : total]);
    rowFaults.strike(faults, random);
    return rowFaults;
  }

  int total() {
    return order.length;
  }

  /// The row at this place of the output.
  int row(int place) {
    return order[place];
  }

  boolean isAnswered(int place) {
    return place < answered;
  }

  Optional<Fault.OnRows> fault(int place) {
    return struck.length == 0 ? Optional.empty() : Optional.ofNullable(struck[place]);
  }

  private void strike(List<Fault.OnRows> faults, SplittableRandom random) {
    if (faults.isEmpty()) {
      return;
    }
    int[] places = shuffled(answered, random);
    int next = 0;
    for (Fault.OnRows fault : faults) {
      int end = Math.min(answered, next + fault.rows().of(answered));
      while (next < end) {
        struck[places[next++]] = fault;
      }
    }
  }

  private static int[] shuffled(int size, SplittableRandom random) {
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      int other = random.nextInt(i + 1);
      numbers[i] = numbers[other];
      numbers[other] = i;
    }
    return numbers;
  }
}
