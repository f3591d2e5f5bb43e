package dev.arcticsynth.pipeline;

import java.util.concurrent.atomic.AtomicInteger;

/// How much of one kind of work may be under way in this process.
final class Permits {

  private final int size;
  private final AtomicInteger taken = new AtomicInteger();

  Permits(int size) {
    this.size = size;
  }

  /// Takes what is free, up to what is wanted, and returns how much that is.
  int acquire(int wanted) {
    return free(wanted, taken.getAndUpdate(before -> before + free(wanted, before)));
  }

  void release(int back) {
    int _ = taken.addAndGet(-back);
  }

  private int free(int wanted, int before) {
    return Math.max(0, Math.min(wanted, size - before));
  }
}
