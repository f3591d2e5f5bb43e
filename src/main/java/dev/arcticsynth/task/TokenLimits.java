package dev.arcticsynth.task;

import static dev.arcticsynth.task.Rows.utc;
import static dev.arcticsynth.task.Writes.execute;

import dev.arcticsynth.task.PartitionEvent.HeldBack;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// How many input tokens an account may have enqueued for a model: learned from the provider's
/// refusals, and kept to by all replicas.
///
/// Everything here belongs into the transaction of whoever records the partition, after the
/// partition's row and before the task's is locked. The row of the limit is locked first, and what
/// is enqueued is summed in a statement of its own after that, so that two replicas never let more
/// begin than there is room for.
@ApplicationScoped
class TokenLimits {

  private static final Duration SOONEST = Duration.ofSeconds(30);
  private static final Duration LATEST = Duration.ofHours(24);

  /// A limit comes down and goes up by a tenth.
  private static final int STEPS = 10;

  /// While nobody knows how long a batch takes.
  private static final Duration A_GUESS = Duration.ofMinutes(5);

  private static final String LOCK =
      """
      INSERT INTO token_limit AS l (provider, model, configured, tokens)
      VALUES (:provider, :model, nullif(CAST(:configured AS bigint), 0), nullif(CAST(:configured AS bigint), 0))
      ON CONFLICT (provider, model) DO UPDATE SET configured = excluded.configured,
        tokens = CASE WHEN l.configured IS DISTINCT FROM excluded.configured THEN excluded.configured ELSE l.tokens END
      RETURNING tokens, configured, learned_at, greatest(learned_at, last_refused_at, raised_at), batch_seconds\
      """;

  // Whoever is older and waits for room has his place kept.
  private static final String ENQUEUED =
      """
      SELECT coalesce(sum(p.tokens) FILTER (WHERE %1$s), 0), count(*) FILTER (WHERE %1$s),
             coalesce(sum(p.tokens) FILTER (WHERE p.queued_at IS NOT NULL
               AND (p.created_at, p.ordinal, p.id) < (me.created_at, me.ordinal, me.id)), 0),
             min(p.creating_at) FILTER (WHERE %1$s)
        FROM partition me JOIN partition p ON p.provider = me.provider AND p.model = me.model AND p.id <> me.id AND %2$s
       WHERE me.id = :partition\
      """
          .formatted(Flight.IN_FLIGHT, Flight.OPEN);

  private static final String RAISE =
      """
      UPDATE token_limit SET tokens = :tokens, raised_at = CAST(:now AS timestamptz)
       WHERE provider = :provider AND model = :model\
      """;

  private static final String LEARN =
      """
      UPDATE token_limit SET tokens = nullif(CAST(:tokens AS bigint), 0), last_refused_at = CAST(:now AS timestamptz),
             learned_at = CASE WHEN CAST(:tokens AS bigint) > 0 THEN CAST(:now AS timestamptz) ELSE learned_at END
       WHERE provider = :provider AND model = :model\
      """;

  // Locks the row as it is, or makes one.
  private static final String KEEP =
      """
      INSERT INTO token_limit (provider, model) VALUES (:provider, :model)
      ON CONFLICT (provider, model) DO UPDATE SET model = excluded.model
      RETURNING tokens, configured, learned_at, greatest(learned_at, last_refused_at, raised_at), batch_seconds\
      """;

  private final QuotaConfig config;

  TokenLimits(QuotaConfig config) {
    this.config = config;
  }

  /// Empty when the partition may begin; else what it waits for.
  Uni<Optional<PartitionEvent>> inTheWay(
      Partition partition, OptionalLong configured, Instant now) {
    return row(LOCK, partition, Map.of("configured", configured.orElse(0)))
        .map(Limit::of)
        .chain(limit ->
            limit.tokens() == 0
                ? Uni.createFrom().item(Optional.empty())
                : inTheWay(partition, limit, now));
  }

  private Uni<Optional<PartitionEvent>> inTheWay(Partition partition, Limit limit, Instant now) {
    return enqueued(partition)
        .chain(enqueued ->
            raised(partition, limit, enqueued, now)
                .map(most ->
                    enqueued.leaveRoom(partition.tokens(), most)
                        ? Optional.empty()
                        : Optional.of(heldBack(partition, limit, most, enqueued, now))));
  }

  /// The provider has refused to enqueue the partition.
  ///
  /// @param named the limit that it names
  Uni<Void> learn(Partition partition, OptionalLong named, Instant now) {
    return row(KEEP, partition, Map.of())
        .map(Limit::of)
        .chain(limit ->
            enqueued(partition)
                .map(enqueued ->
                    learned(named, enqueued.tokens(), limit.tokens(), isNews(partition, limit))))
        .chain(tokens -> execute(LEARN, of(partition, Map.of("tokens", tokens, "now", utc(now)))))
        .replaceWithVoid();
  }

  /// What a refusal teaches; 0 when that is nothing and nothing was known.
  ///
  /// @param enqueued tokens that are in flight without those refused
  /// @param before the limit until now, 0 when none was known
  /// @param isNews the refused were begun in the belief that the limit leaves room for them
  static long learned(OptionalLong named, long enqueued, long before, boolean isNews) {
    if (before > 0 && (isNews || enqueued == 0)) {
      // Our estimates are too low, or somebody else uses the account: in the latter case it would
      // be wrong to come down while nothing of ours is there.
      long lower = enqueued == 0 ? before : Math.max(1, before - Math.max(1, before / STEPS));
      return named.isPresent() && named.getAsLong() < before ? named.getAsLong() : lower;
    }
    long word = named.orElse(enqueued);
    return before == 0 || word == 0 ? Math.max(word, before) : Math.min(before, word);
  }

  /// A refusal of what was begun before the limit was learned tells what is known already.
  private static boolean isNews(Partition partition, Limit limit) {
    return partition
        .creatingAt()
        .map(begun -> limit.learnedAt().filter(learned -> !begun.isAfter(learned)).isEmpty())
        .orElse(true);
  }

  /// A limit that was learned and not refused for a while is raised by a step when it is in the
  /// way.
  private Uni<Long> raised(Partition partition, Limit limit, Enqueued enqueued, Instant now) {
    long most = limit.tokens();
    long higher = Math.min(limit.ceiling(), most + Math.max(1, most / STEPS));
    boolean mayHaveGrown =
        limit.learnedAt().isPresent()
            && limit
                .touchedAt()
                .filter(last -> now.isBefore(last.plus(config.growAfter())))
                .isEmpty();
    if (enqueued.leaveRoom(partition.tokens(), most) || !mayHaveGrown || higher <= most) {
      return Uni.createFrom().item(most);
    }
    return execute(RAISE, of(partition, Map.of("tokens", higher, "now", utc(now))))
        .replaceWith(higher);
  }

  private static PartitionEvent heldBack(
      Partition partition, Limit limit, long most, Enqueued enqueued, Instant now) {
    String reason =
        "The account may have %,d input tokens of %s enqueued at a time (%s), and %s; what is next is expected to begin at the time given."
            .formatted(
                most,
                partition.model(),
                limit.learnedAt().isPresent() ? "learned" : "configured",
                enqueued.partitions() == 1
                    ? "1 partition has"
                    : "%,d partitions have".formatted(enqueued.partitions()));
    return new HeldBack(WaitReason.QUOTA, reason, expected(limit, most, enqueued, now));
  }

  /// The oldest batch ends, and with each length of a batch as much ends as fits.
  private static Instant expected(Limit limit, long most, Enqueued enqueued, Instant now) {
    Duration batch = limit.batch().orElse(A_GUESS);
    Instant first = enqueued.oldest().map(begun -> begun.plus(batch)).orElse(now);
    Instant mine = later(first, now).plus(batch.multipliedBy(enqueued.ahead() / most));
    return later(earlier(mine, now.plus(LATEST)), now.plus(SOONEST));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Uni<Enqueued> enqueued(Partition partition) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(ENQUEUED, Object[].class)
                .setParameter("partition", partition.id())
                .getSingleResult())
        .map(row -> Enqueued.of((Object[]) row));
  }

  private static Uni<Object[]> row(String sql, Partition partition, Map<String, ?> more) {
    return Panache.getSession()
        .chain(session -> {
          var query = session.createNativeQuery(sql, Object[].class);
          of(partition, more).forEach(query::setParameter);
          return query.getSingleResult();
        })
        .map(row -> (Object[]) row);
  }

  private static Map<String, Object> of(Partition partition, Map<String, ?> more) {
    var parameters = new HashMap<String, Object>(more);
    parameters.put("provider", partition.provider());
    parameters.put("model", partition.model());
    return parameters;
  }

  /// The row as it is locked.
  ///
  /// @param tokens 0 when no limit is known
  /// @param ceiling what a learned limit may grow to
  /// @param touchedAt when it was last learned, refused or raised
  /// @param batch how long a batch takes
  private record Limit(
      long tokens,
      long ceiling,
      Optional<Instant> learnedAt,
      Optional<Instant> touchedAt,
      Optional<Duration> batch) {

    static Limit of(Object[] row) {
      return new Limit(
          Rows.number(row[0]).orElse(0),
          Rows.number(row[1]).orElse(Long.MAX_VALUE),
          Rows.instant(row[2]),
          Rows.instant(row[3]),
          Rows.number(row[4]).stream().mapToObj(Duration::ofSeconds).findFirst());
    }
  }

  /// What we have with the account for a model.
  ///
  /// @param tokens in flight
  /// @param partitions in flight
  /// @param ahead tokens of older partitions that wait for room
  /// @param oldest when the first of those in flight was created
  private record Enqueued(long tokens, long partitions, long ahead, Optional<Instant> oldest) {

    static Enqueued of(Object[] row) {
      return new Enqueued(
          Rows.number(row[0]).orElse(0),
          Rows.number(row[1]).orElse(0),
          Rows.number(row[2]).orElse(0),
          Rows.instant(row[3]));
    }

    /// A partition alone always may: a limit below its size would else be waited for for ever.
    boolean leaveRoom(long mine, long most) {
      return partitions == 0 || tokens + ahead + mine <= most;
    }
  }
}
