package dev.arcticsynth.task.quota;

import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.AdmissionDeferred;
import dev.arcticsynth.task.WaitReason;
import dev.arcticsynth.task.quota.AdmissionRequest.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A candidate for a partition, the limit of its tokens, and what is enqueued before it.
record Headroom(Candidate candidate, LearnedLimit limit, Enqueued enqueued) {

  private static final Duration SOONEST = Duration.ofSeconds(30);
  private static final Duration LATEST = Duration.ofHours(24);

  /// Assumed duration of a batch while none is known.
  private static final Duration ASSUMED_BATCH = Duration.ofMinutes(5);

  boolean fits(Partition partition) {
    return !limit.isKnown() || enqueued.leaveHeadroom(partition.tokens(), limit.tokens());
  }

  Headroom raised() {
    return new Headroom(candidate, limit.raised(), enqueued);
  }

  /// After a refusal another deployment is chosen, if there is one; else the one with the fewest
  /// tokens ahead.
  static Headroom best(Partition partition, List<Headroom> free) {
    return free.stream()
        .min(
            Comparator.<Headroom, Boolean>comparing(headroom ->
                    partition.refusals() > 0
                        && headroom.candidate().remoteModel().equals(partition.remoteModel()))
                .thenComparing(headroom -> headroom.enqueued().chosen())
                .thenComparing(headroom -> headroom.candidate().remoteModel()))
        .orElseThrow();
  }

  static PartitionEvent deferred(List<Headroom> full, Instant now) {
    Headroom first =
        full.stream().min(Comparator.comparing(headroom -> headroom.expected(now))).orElseThrow();
    long partitions = first.enqueued().partitions();
    String reason =
        "The account may have %,d input tokens of %s enqueued at a time (%s), and %s; what is next is expected to begin at the time given."
            .formatted(
                first.limit().tokens(),
                first.candidate().remoteModel(),
                first.limit().isLearned() ? "learned" : "configured",
                partitions == 1 ? "1 partition has" : "%,d partitions have".formatted(partitions));
    return new AdmissionDeferred(WaitReason.QUOTA, reason, first.expected(now));
  }

  /// Assumes that the oldest batch ends first, and that a full limit's worth of tokens ends with
  /// each duration of a batch.
  private Instant expected(Instant now) {
    Duration batch = limit.batch().orElse(ASSUMED_BATCH);
    Instant first = enqueued.oldest().map(begun -> begun.plus(batch)).orElse(now);
    Instant mine = later(first, now).plus(batch.multipliedBy(enqueued.ahead() / limit.tokens()));
    return later(earlier(mine, now.plus(LATEST)), now.plus(SOONEST));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  /// The enqueued tokens of an account for a model.
  ///
  /// @param tokens in flight
  /// @param partitions in flight
  /// @param ahead tokens of older partitions that wait for capacity
  /// @param oldest when the first of those in flight was created
  /// @param chosen tokens of all that are to be answered there, in flight or not yet
  record Enqueued(long tokens, long partitions, long ahead, Optional<Instant> oldest, long chosen) {

    static final Enqueued NOTHING = new Enqueued(0, 0, 0, Optional.empty(), 0);

    /// A partition alone is always admitted: with a limit below its size it would else wait for
    /// ever.
    boolean leaveHeadroom(long mine, long most) {
      return partitions == 0 || tokens + ahead + mine <= most;
    }
  }
}
