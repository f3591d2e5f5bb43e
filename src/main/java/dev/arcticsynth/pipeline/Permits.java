package dev.arcticsynth.pipeline;

import java.util.concurrent.atomic.AtomicInteger;

/// A non-blocking semaphore for one kind of work in this process.
final class Permits {

  private final int size;
  private final AtomicInteger taken = new AtomicInteger();

  Permits(int size) {
    this.size = size;
  }

  /// Takes as many permits as there are, up to what is wanted.
  int take(int wanted) {
    return granted(wanted, taken.getAndUpdate(before -> before + granted(wanted, before)));
  }

  void give(int back) {
    int _ = taken.addAndGet(-back);
  }

  private int granted(int wanted, int before) {
    return Math.max(0, Math.min(wanted, size - before));
  }
}
