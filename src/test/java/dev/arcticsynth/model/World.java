package dev.arcticsynth.model;

import dev.arcticsynth.task.PartitionState;
import java.util.Arrays;

/// All there is: the database, the workers, the calls on their way and the provider. Made small by
/// bounds, so that everything that can happen within them is a few million worlds at most.
final class World {

  static final int TRIES = 3;
  static final int FILES = 4;
  static final int BATCHES = 3;
  static final int CALLS = 3;

  /// So many of the newest commits may be lost.
  static final int LOSABLE = 4;

  enum File {
    NONE,
    /// And not listed yet.
    NEW,
    THERE,
    DELETED;

    boolean isReadable() {
      return this == NEW || this == THERE;
    }
  }

  /// After a fail-over.
  enum Recovery {
    OVER,
    WAITS_FOR_FILES,
    DELETES_FILES,
    WAITS_FOR_BATCHES,
    ADOPTS
  }

  private static final File[] FILE_STATES = File.values();
  private static final Recovery[] RECOVERIES = Recovery.values();

  Row now = new Row();

  /// What the database was before each of the newest commits, the newest first; as long as a
  /// fail-over may come.
  final Row[] past = new Row[LOSABLE];

  final Worker[] workers;

  /// By its id; 0 is none.
  final File[] files = new File[FILES + 1];

  /// By its id less 1, in the order of their creation.
  final Batch[] batches = new Batch[BATCHES];

  /// Create calls on their way, `file * 4 + tag`; 0 is none.
  final int[] calls = new int[CALLS];

  /// Lists show by now what was created before the newest fence.
  boolean isSettled;

  int timeline;
  Recovery recovery = Recovery.OVER;
  int claims;
  int crashesLeft;
  int failOversLeft;

  World(int workers, int crashes, int failOvers) {
    this.workers = new Worker[workers];
    Arrays.setAll(this.workers, n -> new Worker());
    Arrays.setAll(past, n -> Row.none());
    Arrays.fill(files, File.NONE);
    Arrays.setAll(batches, n -> new Batch());
    crashesLeft = crashes;
    failOversLeft = failOvers;
  }

  World copy() {
    var copy = new World(workers.length, crashesLeft, failOversLeft);
    copy.now = now.copy();
    Arrays.setAll(copy.past, n -> past[n]); // never changed once it is past
    Arrays.setAll(copy.workers, n -> workers[n].copy());
    System.arraycopy(files, 0, copy.files, 0, files.length);
    Arrays.setAll(copy.batches, n -> batches[n].copy());
    System.arraycopy(calls, 0, copy.calls, 0, CALLS);
    copy.isSettled = isSettled;
    copy.timeline = timeline;
    copy.recovery = recovery;
    copy.claims = claims;
    return copy;
  }

  /// To be called before the row is changed.
  void commit() {
    if (failOversLeft > 0) {
      System.arraycopy(past, 0, past, 1, LOSABLE - 1);
      past[0] = now.copy();
    }
  }

  /// False when as many calls as this world holds are on their way.
  boolean send(int file, int tag) {
    for (int n = 0; n < CALLS; n++) {
      if (calls[n] == 0) {
        calls[n] = file * 4 + tag;
        return true;
      }
    }
    return false;
  }

  /// The new batch's id; 0 when this world holds no more.
  int accept(int file, int tag, boolean isListed) {
    for (int n = 0; n < BATCHES; n++) {
      if (!batches[n].exists()) {
        batches[n].file = file;
        batches[n].tag = tag;
        batches[n].isListed = isListed;
        return n + 1;
      }
    }
    return 0;
  }

  void failOver(int lost) {
    now = past[lost - 1].copy();
    Arrays.setAll(past, n -> Row.none());
    failOversLeft--;
    timeline++;
  }

  /// A file that is gone cannot be read, so what was made of it and did not begin never will.
  void delete(int file) {
    files[file] = File.DELETED;
    for (Batch batch : batches) {
      if (batch.file == file && batch.fate == Batch.Fate.NEW) {
        batch.fate = Batch.Fate.FAILED;
      }
    }
  }

  /// Whatever was created of a deleted file was created long ago.
  void settle() {
    isSettled = true;
    for (Batch batch : batches) {
      batch.isListed |= batch.exists() && files[batch.file] == File.DELETED;
    }
  }

  void settleFiles() {
    for (int file = 1; file <= FILES; file++) {
      files[file] = files[file] == File.NEW ? File.THERE : files[file];
    }
  }

  int billed() {
    return (int) Arrays.stream(batches).filter(batch -> batch.fate == Batch.Fate.RUNNING).count();
  }

  boolean isAnswered() {
    return now.state == PartitionState.ENDED && billed() == 1;
  }

  private void layout(Bits bits) {
    now.layout(bits);
    for (Row row : past) {
      row.layout(bits);
    }
    for (Worker worker : workers) {
      worker.layout(bits);
    }
    for (int id = 1; id <= FILES; id++) {
      files[id] = bits.of(files[id], FILE_STATES);
    }
    for (Batch batch : batches) {
      batch.layout(bits);
    }
    Arrays.sort(calls);
    for (int n = 0; n < CALLS; n++) {
      calls[n] = bits.of(calls[n], 5);
    }
    isSettled = bits.of(isSettled);
    timeline = bits.of(timeline, 1);
    recovery = bits.of(recovery, RECOVERIES);
    claims = bits.of(claims, 3);
    crashesLeft = bits.of(crashesLeft, 2);
    failOversLeft = bits.of(failOversLeft, 1);
  }

  void pack(long[] words) {
    layout(Bits.writer(words));
  }

  static World unpack(int workers, long[] words, int base) {
    var world = new World(workers, 0, 0);
    world.layout(Bits.reader(words, base));
    return world;
  }

  @Override
  public String toString() {
    var text = new StringBuilder(now.toString());
    for (int n = 0; n < BATCHES; n++) {
      if (batches[n].exists()) {
        text.append(
            "; batch %d of file %d (attempt %d) %s"
                .formatted(n + 1, batches[n].file, batches[n].tag, batches[n].fate));
      }
    }
    return text.toString();
  }
}
