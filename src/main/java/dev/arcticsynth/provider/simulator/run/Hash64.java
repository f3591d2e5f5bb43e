package dev.arcticsynth.provider.simulator.run;

/// Turns numbers that are alike into numbers that are not.
final class Hash64 {
  private Hash64() {}

  /// The finalizer of SplitMix64.
  static long of(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
