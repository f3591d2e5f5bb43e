package dev.arcticsynth.provider.simulator.fault;

/// How many rows of a batch a fault strikes: a number of them if it is not 0, else a share, of
/// which at least one row.
public record RowSelection(double share, int count) {
  public static RowSelection share(double share) {
    return new RowSelection(share, 0);
  }

  public static RowSelection rows(int count) {
    return new RowSelection(0, count);
  }

  public int of(int total) {
    return Math.min(total, count > 0 ? count : (int) Math.ceil(share * total));
  }
}
