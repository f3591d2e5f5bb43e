package dev.arcticsynth.model;

/// A batch as its provider has it. It costs money from `RUNNING` on.
final class Batch {

  enum Fate {
    /// Accepted; its file is not read yet.
    NEW,
    RUNNING,
    /// Its file was gone when it was to be read: nothing is billed.
    FAILED
  }

  private static final Fate[] FATES = Fate.values();

  /// 0: there is no such batch.
  int file;

  /// The number of the attempt in its tag.
  int tag;

  boolean isListed;
  Fate fate = Fate.NEW;

  Batch copy() {
    var copy = new Batch();
    copy.file = file;
    copy.tag = tag;
    copy.isListed = isListed;
    copy.fate = fate;
    return copy;
  }

  boolean exists() {
    return file != 0;
  }

  void layout(Bits bits) {
    file = bits.of(file, 3);
    tag = bits.of(tag, 2);
    isListed = bits.of(isListed);
    fate = bits.of(fate, FATES);
  }
}
