package dev.arcticsynth.provider.simulator.run;

/// A set of well-mixed numbers, without an object for each.
final class LongHashSet {
  private long[] slots = new long[1 << 10];
  private int size;
  private boolean zero;

  /// False if it was there before.
  boolean add(long value) {
    if (value == 0) {
      boolean isNew = !zero;
      zero = true;
      return isNew;
    }
    if (size * 2 >= slots.length) {
      grow();
    }
    return put(value);
  }

  private boolean put(long value) {
    int mask = slots.length - 1;
    int at = (int) value & mask;
    while (slots[at] != 0) {
      if (slots[at] == value) {
        return false;
      }
      at = (at + 1) & mask;
    }
    slots[at] = value;
    size++;
    return true;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    size = 0;
    for (long value : old) {
      if (value != 0) {
        boolean _ = put(value);
      }
    }
  }
}
