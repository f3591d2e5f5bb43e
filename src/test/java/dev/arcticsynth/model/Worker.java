package dev.arcticsynth.model;

/// A process in the middle of a step: what it does next, and what it knows. It may stand still
/// before each `Next` for as long as it likes, whatever becomes of its lease.
final class Worker {

  enum Next {
    NOTHING,
    BEGIN,
    UPLOAD,
    RECORD_FILE,
    BEGIN_CREATE,
    CREATE,
    WAIT,
    RECORD_BATCH,
    RECORD_REFUSAL,
    RECORD_DOUBT,
    GIVE_UP,
    DOUBT,
    LOOK,
    FENCE,
    RECORD_FENCE,
    POLL
  }

  private static final Next[] STEPS = Next.values();

  Next next = Next.NOTHING;
  int token;
  int timeline;
  int attempt;
  int file;
  int batch;
  boolean isFenced;

  Worker copy() {
    var copy = new Worker();
    copy.next = next;
    copy.token = token;
    copy.timeline = timeline;
    copy.attempt = attempt;
    copy.file = file;
    copy.batch = batch;
    copy.isFenced = isFenced;
    return copy;
  }

  void layout(Bits bits) {
    next = bits.of(next, STEPS);
    token = bits.of(token, 3);
    timeline = bits.of(timeline, 1);
    attempt = bits.of(attempt, 2);
    file = bits.of(file, 3);
    batch = bits.of(batch, 2);
    isFenced = bits.of(isFenced);
  }

  void claimed(Row row, int onTimeline, Next first) {
    next = first;
    token = row.token;
    timeline = onTimeline;
    attempt = row.attempt;
    file = row.file;
    batch = row.batch;
    isFenced = row.isFenced;
  }

  /// Dies, or ends its step: nothing of what it knew is left.
  void reset() {
    next = Next.NOTHING;
    token = 0;
    timeline = 0;
    attempt = 0;
    file = 0;
    batch = 0;
    isFenced = false;
  }
}
