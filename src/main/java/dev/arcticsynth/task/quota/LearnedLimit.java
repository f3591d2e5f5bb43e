package dev.arcticsynth.task.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// How many input tokens may be enqueued for a model: configured, or learned from refusals.
///
/// @param tokens 0 when no limit is known
/// @param ceiling what a learned limit may grow to
/// @param touchedAt when it was last learned, refused or raised
/// @param batch how long a batch takes
record LearnedLimit(
    long tokens,
    long ceiling,
    Optional<Instant> learnedAt,
    Optional<Instant> touchedAt,
    Optional<Duration> batch) {

  /// A limit is lowered and raised by a tenth.
  private static final int STEPS = 10;

  boolean isKnown() {
    return tokens > 0;
  }

  boolean isLearned() {
    return learnedAt.isPresent();
  }

  /// The limit after a refusal; 0 when still unknown.
  long after(Refusal refusal) {
    long enqueued = refusal.enqueued();
    if (isKnown() && (isNews(refusal) || enqueued == 0)) {
      // Our estimates are too low, or others use the account as well: in the latter case the limit
      // must not be lowered while nothing of ours is in flight.
      long lower = enqueued == 0 ? tokens : Math.max(1, tokens - step());
      return refusal.named().isPresent() && refusal.named().getAsLong() < tokens
          ? refusal.named().getAsLong()
          : lower;
    }
    long stated = refusal.named().orElse(enqueued);
    return !isKnown() || stated == 0 ? Math.max(stated, tokens) : Math.min(tokens, stated);
  }

  /// A refusal of work that began before the limit was learned adds nothing.
  private boolean isNews(Refusal refusal) {
    return refusal
        .begunAt()
        .map(begun -> learnedAt.filter(learned -> !begun.isAfter(learned)).isEmpty())
        .orElse(true);
  }

  /// A limit that was learned and not refused for a while may be higher by now.
  boolean mayHaveGrown(Duration after, Instant now) {
    return isLearned()
        && higher() > tokens
        && touchedAt.filter(last -> now.isBefore(last.plus(after))).isEmpty();
  }

  LearnedLimit raised() {
    return new LearnedLimit(higher(), ceiling, learnedAt, touchedAt, batch);
  }

  private long higher() {
    return Math.min(ceiling, tokens + step());
  }

  private long step() {
    return Math.max(1, tokens / STEPS);
  }

  /// The provider refused to enqueue a partition.
  ///
  /// @param named the limit in its message
  /// @param enqueued our tokens in flight without those refused
  /// @param begunAt when the refused work began, admitted under an earlier limit
  record Refusal(OptionalLong named, long enqueued, Optional<Instant> begunAt) {}
}
