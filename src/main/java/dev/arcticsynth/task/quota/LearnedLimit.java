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

  /// A limit comes down and goes up by a tenth.
  private static final int STEPS = 10;

  boolean isKnown() {
    return tokens > 0;
  }

  boolean isLearned() {
    return learnedAt.isPresent();
  }

  /// What a refusal teaches; 0 when that is nothing and nothing was known.
  long after(Refusal refusal) {
    long enqueued = refusal.enqueued();
    if (isKnown() && (isNews(refusal) || enqueued == 0)) {
      // Our estimates are too low, or others use the account as well: in the latter case it would
      // be wrong to come down while nothing of ours is there.
      long lower = enqueued == 0 ? tokens : Math.max(1, tokens - step());
      return refusal.named().isPresent() && refusal.named().getAsLong() < tokens
          ? refusal.named().getAsLong()
          : lower;
    }
    long told = refusal.named().orElse(enqueued);
    return !isKnown() || told == 0 ? Math.max(told, tokens) : Math.min(tokens, told);
  }

  /// A refusal of what was begun before the limit was learned tells what is known already.
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

  /// The provider would not enqueue a partition.
  ///
  /// @param named the limit that it names
  /// @param enqueued our tokens in flight without those refused
  /// @param begunAt when the refused were begun, in the belief that there is room for them
  record Refusal(OptionalLong named, long enqueued, Optional<Instant> begunAt) {}
}
