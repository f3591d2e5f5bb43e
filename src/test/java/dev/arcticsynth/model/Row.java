package dev.arcticsynth.model;

import dev.arcticsynth.task.PartitionState;

/// The partition as the database has it.
final class Row {

  /// False in what is not remembered.
  boolean isThere = true;

  private static final PartitionState[] STATES = PartitionState.values();

  PartitionState state = PartitionState.READY;
  boolean isFenced;
  int attempt;

  /// On record since `CREATING`; 0 is none.
  int file;

  /// 0 is none.
  int batch;

  int token;
  boolean isHeld;

  static Row none() {
    var none = new Row();
    none.isThere = false;
    return none;
  }

  Row copy() {
    var copy = new Row();
    copy.isThere = isThere;
    copy.state = state;
    copy.isFenced = isFenced;
    copy.attempt = attempt;
    copy.file = file;
    copy.batch = batch;
    copy.token = token;
    copy.isHeld = isHeld;
    return copy;
  }

  void layout(Bits bits) {
    isThere = bits.of(isThere);
    state = bits.of(state, STATES);
    isFenced = bits.of(isFenced);
    attempt = bits.of(attempt, 2);
    file = bits.of(file, 3);
    batch = bits.of(batch, 2);
    token = bits.of(token, 3);
    isHeld = bits.of(isHeld);
  }

  @Override
  public String toString() {
    return "%s%s attempt %d file %d batch %d"
        .formatted(state, isFenced ? " (fenced)" : "", attempt, file, batch);
  }
}
