package dev.arcticsynth.model;

/// Small numbers packed into a few words, and read again in the same order.
final class Bits {

  /// Words of a packed world.
  static final int WORDS = 4;

  private final long[] words;
  private final int base;
  private final boolean reads;
  private int at;

  private Bits(long[] words, int base, boolean reads) {
    this.words = words;
    this.base = base;
    this.reads = reads;
  }

  static Bits writer(long[] words) {
    java.util.Arrays.fill(words, 0);
    return new Bits(words, 0, false);
  }

  static Bits reader(long[] words, int base) {
    return new Bits(words, base, true);
  }

  /// Writes the value and gives it back, or gives what was written instead of it.
  int of(int value, int width) {
    if (at % Long.SIZE + width > Long.SIZE) {
      at += Long.SIZE - at % Long.SIZE;
    }
    int word = base + at / Long.SIZE;
    int shift = at % Long.SIZE;
    at += width;
    if (reads) {
      return (int) (words[word] >>> shift) & (1 << width) - 1;
    }
    if (value < 0 || value >= 1 << width) {
      throw new IllegalStateException("%d does not fit into %d bits".formatted(value, width));
    }
    words[word] |= (long) value << shift;
    return value;
  }

  boolean of(boolean value) {
    return of(value ? 1 : 0, 1) == 1;
  }

  <E extends Enum<E>> E of(E value, E[] all) {
    return all[of(value.ordinal(), Integer.SIZE - Integer.numberOfLeadingZeros(all.length - 1))];
  }
}
