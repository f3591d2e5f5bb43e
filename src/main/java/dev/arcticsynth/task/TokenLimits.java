package dev.arcticsynth.task;

import static dev.arcticsynth.task.Rows.utc;
import static dev.arcticsynth.task.Writes.execute;

import dev.arcticsynth.task.PartitionEvent.HeldBack;
import dev.arcticsynth.task.Start.Way;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
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
             (SELECT coalesce(sum(p.tokens), 0) FROM partition p
               WHERE p.provider = me.provider AND p.model = me.model AND p.queued_at IS NOT NULL AND %2$s
                 AND (p.created_at, p.ordinal, p.id) < (me.created_at, me.ordinal, me.id)),
             min(p.creating_at) FILTER (WHERE %1$s), coalesce(sum(p.tokens) FILTER (WHERE %3$s), 0)
        FROM partition me LEFT JOIN partition p
          ON p.provider = me.provider AND %4$s = :model AND p.id <> me.id AND %2$s
       WHERE me.id = :partition GROUP BY me.id\
      """
          .formatted(Flight.IN_FLIGHT, Flight.OPEN, Flight.CHOSEN, Flight.REMOTE_MODEL);

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

  /// Begins the partition in the way that has the least before it, or holds it back.
  Uni<PartitionEvent> choose(Partition partition, Start start, Instant now) {
    return rooms(partition, start)
        .chain(rooms -> {
          var free =
              start.enqueues()
                  ? rooms.stream().filter(room -> room.fits(partition)).toList()
                  : rooms;
          return free.isEmpty()
              ? grown(partition, rooms, now)
                  .map(room ->
                      room.map(r -> r.way().event())
                          .orElseGet(() -> heldBack(partition, rooms, now)))
              : Uni.createFrom().item(best(partition, free).way().event());
        });
  }

  /// Locked in one order, whatever the order in which they are set.
  private static Uni<List<Room>> rooms(Partition partition, Start start) {
    boolean isChoice = start.ways().size() > 1;
    return Multi.createFrom()
        .iterable(start.ways().stream().sorted(Comparator.comparing(Way::remoteModel)).toList())
        .onItem()
        .transformToUniAndConcatenate(way ->
            row(
                    LOCK,
                    partition,
                    way.remoteModel(),
                    Map.of("configured", way.configuredLimit().orElse(0)))
                .map(Limit::of)
                .chain(limit ->
                    limit.tokens() == 0 && !isChoice
                        ? Uni.createFrom().item(new Room(way, limit, Enqueued.NOTHING))
                        : enqueued(partition, way.remoteModel())
                            .map(enqueued -> new Room(way, limit, enqueued))))
        .collect()
        .asList();
  }

  /// After a refusal another one is asked, if there is another.
  private static Room best(Partition partition, List<Room> free) {
    return free.stream()
        .min(
            Comparator.<Room, Boolean>comparing(room ->
                    partition.refusals() > 0
                        && room.way().remoteModel().equals(partition.remoteModel()))
                .thenComparing(room -> room.enqueued().chosen())
                .thenComparing(room -> room.way().remoteModel()))
        .orElseThrow();
  }

  /// The provider has refused to enqueue the partition.
  ///
  /// @param named the limit that it names
  Uni<Void> learn(Partition partition, OptionalLong named, Instant now) {
    String model = partition.remoteModel();
    return row(KEEP, partition, model, Map.of())
        .map(Limit::of)
        .chain(limit ->
            enqueued(partition, model)
                .map(enqueued ->
                    learned(named, enqueued.tokens(), limit.tokens(), isNews(partition, limit))))
        .chain(tokens ->
            execute(LEARN, of(partition, model, Map.of("tokens", tokens, "now", utc(now)))))
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
  /// way; the first that leaves room then is the one.
  private Uni<Optional<Room>> grown(Partition partition, List<Room> rooms, Instant now) {
    var grown =
        rooms.stream()
            .filter(room -> mayHaveGrown(room.limit(), now))
            .map(Room::raised)
            .filter(room -> room.fits(partition))
            .findFirst();
    if (grown.isPresent()) {
      return raise(partition, grown.get(), now).replaceWith(grown);
    }
    // What is still too low is higher the next time.
    return Multi.createFrom()
        .iterable(rooms)
        .filter(room -> mayHaveGrown(room.limit(), now))
        .onItem()
        .transformToUniAndConcatenate(room -> raise(partition, room.raised(), now))
        .onItem()
        .ignoreAsUni()
        .replaceWith(Optional.empty());
  }

  private boolean mayHaveGrown(Limit limit, Instant now) {
    return limit.learnedAt().isPresent()
        && limit.higher() > limit.tokens()
        && limit.touchedAt().filter(last -> now.isBefore(last.plus(config.growAfter()))).isEmpty();
  }

  private static Uni<Integer> raise(Partition partition, Room room, Instant now) {
    return execute(
        RAISE,
        of(
            partition,
            room.way().remoteModel(),
            Map.of("tokens", room.limit().tokens(), "now", utc(now))));
  }

  private static PartitionEvent heldBack(Partition partition, List<Room> rooms, Instant now) {
    Room first = rooms.stream().min(Comparator.comparing(room -> room.expected(now))).orElseThrow();
    long partitions = first.enqueued().partitions();
    String reason =
        "The account may have %,d input tokens of %s enqueued at a time (%s), and %s; what is next is expected to begin at the time given."
            .formatted(
                first.limit().tokens(),
                first.way().remoteModel(),
                first.limit().learnedAt().isPresent() ? "learned" : "configured",
                partitions == 1 ? "1 partition has" : "%,d partitions have".formatted(partitions));
    return new HeldBack(WaitReason.QUOTA, reason, first.expected(now));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Uni<Enqueued> enqueued(Partition partition, String model) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(ENQUEUED, Object[].class)
                .setParameter("partition", partition.id())
                .setParameter("model", model)
                .getSingleResult())
        .map(row -> Enqueued.of((Object[]) row));
  }

  private static Uni<Object[]> row(
      String sql, Partition partition, String model, Map<String, ?> more) {
    return Panache.getSession()
        .chain(session -> {
          var query = session.createNativeQuery(sql, Object[].class);
          of(partition, model, more).forEach(query::setParameter);
          return query.getSingleResult();
        })
        .map(row -> (Object[]) row);
  }

  private static Map<String, Object> of(Partition partition, String model, Map<String, ?> more) {
    var parameters = new HashMap<String, Object>(more);
    parameters.put("provider", partition.provider());
    parameters.put("model", model);
    return parameters;
  }

  /// One way to begin, and what is before it.
  private record Room(Way way, Limit limit, Enqueued enqueued) {

    boolean fits(Partition partition) {
      return limit.tokens() == 0 || enqueued.leaveRoom(partition.tokens(), limit.tokens());
    }

    Room raised() {
      return new Room(way, limit.raised(), enqueued);
    }

    /// The oldest batch ends, and with each length of a batch as much ends as fits.
    Instant expected(Instant now) {
      Duration batch = limit.batch().orElse(A_GUESS);
      Instant first = enqueued.oldest().map(begun -> begun.plus(batch)).orElse(now);
      Instant mine = later(first, now).plus(batch.multipliedBy(enqueued.ahead() / limit.tokens()));
      return later(earlier(mine, now.plus(LATEST)), now.plus(SOONEST));
    }
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

    long higher() {
      return Math.min(ceiling, tokens + Math.max(1, tokens / STEPS));
    }

    Limit raised() {
      return new Limit(higher(), ceiling, learnedAt, touchedAt, batch);
    }

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
  /// @param chosen tokens of all that are to be answered there, in flight or not yet
  private record Enqueued(
      long tokens, long partitions, long ahead, Optional<Instant> oldest, long chosen) {

    static final Enqueued NOTHING = new Enqueued(0, 0, 0, Optional.empty(), 0);

    static Enqueued of(Object[] row) {
      return new Enqueued(
          Rows.number(row[0]).orElse(0),
          Rows.number(row[1]).orElse(0),
          Rows.number(row[2]).orElse(0),
          Rows.instant(row[3]),
          Rows.number(row[4]).orElse(0));
    }

    /// A partition alone always may: a limit below its size would else be waited for for ever.
    boolean leaveRoom(long mine, long most) {
      return partitions == 0 || tokens + ahead + mine <= most;
    }
  }
}
