package dev.arcticsynth.provider.simulator;

/// How many rows of a batch a fault strikes: a number of them if it is not 0, else a share, of
/// which at least one row.
public record Portion(double share, int count) {
  public static Portion share(double share) {
    return new Portion(share, 0);
  }

  public static Portion rows(int count) {
    return new Portion(0, count);
  }

  int of(int total) {
    return Math.min(total, count > 0 ? count : (int) Math.ceil(share * total));
  }
}
