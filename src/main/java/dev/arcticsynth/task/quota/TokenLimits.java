package dev.arcticsynth.task.quota;

import static dev.arcticsynth.task.sql.RowMapping.utc;
import static dev.arcticsynth.task.sql.SessionStatements.execute;

import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.quota.AdmissionRequest.Candidate;
import dev.arcticsynth.task.quota.Headroom.Enqueued;
import dev.arcticsynth.task.quota.LearnedLimit.Refusal;
import dev.arcticsynth.task.sql.RowMapping;
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
/// Every method belongs into the transaction that records the partition, after the partition's row
/// and before the task's is locked. The row of the limit is locked first, and what is enqueued is
/// summed in a statement of its own after that, so that two replicas never let more begin than
/// there is capacity for.
@ApplicationScoped
class TokenLimits {

  private static final String LOCK =
      """
      INSERT INTO token_limit AS l (provider, model, configured, tokens)
      VALUES (:provider, :model, nullif(CAST(:configured AS bigint), 0), nullif(CAST(:configured AS bigint), 0))
      ON CONFLICT (provider, model) DO UPDATE SET configured = excluded.configured,
        tokens = CASE WHEN l.configured IS DISTINCT FROM excluded.configured THEN excluded.configured ELSE l.tokens END
      RETURNING tokens, configured, learned_at, greatest(learned_at, last_refused_at, raised_at), batch_seconds\
      """;

  // Older partitions that wait for capacity keep their place.
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
          .formatted(
              InFlightSql.IN_FLIGHT,
              InFlightSql.OPEN,
              InFlightSql.CHOSEN,
              InFlightSql.REMOTE_MODEL);

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

  /// Chooses the candidate with the most headroom, or defers the partition.
  Uni<PartitionEvent> choose(Partition partition, AdmissionRequest admissionRequest, Instant now) {
    return headrooms(partition, admissionRequest)
        .chain(headrooms -> {
          var free =
              admissionRequest.enqueues()
                  ? headrooms.stream().filter(headroom -> headroom.fits(partition)).toList()
                  : headrooms;
          return free.isEmpty()
              ? grown(partition, headrooms, now)
                  .map(chosen ->
                      chosen
                          .map(h -> h.candidate().event())
                          .orElseGet(() -> Headroom.deferred(headrooms, now)))
              : Uni.createFrom().item(Headroom.best(partition, free).candidate().event());
        });
  }

  /// Locked in one order, whatever the order in which they are set.
  private static Uni<List<Headroom>> headrooms(
      Partition partition, AdmissionRequest admissionRequest) {
    boolean isChoice = admissionRequest.candidates().size() > 1;
    return Multi.createFrom()
        .iterable(
            admissionRequest.candidates().stream()
                .sorted(Comparator.comparing(Candidate::remoteModel))
                .toList())
        .onItem()
        .transformToUniAndConcatenate(candidate ->
            row(
                    LOCK,
                    partition,
                    candidate.remoteModel(),
                    Map.of("configured", candidate.configuredLimit().orElse(0)))
                .map(TokenLimits::limit)
                .chain(limit ->
                    !limit.isKnown() && !isChoice
                        ? Uni.createFrom().item(new Headroom(candidate, limit, Enqueued.NOTHING))
                        : enqueued(partition, candidate.remoteModel())
                            .map(enqueued -> new Headroom(candidate, limit, enqueued))))
        .collect()
        .asList();
  }

  /// The provider has refused to enqueue the partition.
  ///
  /// @param named the limit that it names
  Uni<Void> learn(Partition partition, OptionalLong named, Instant now) {
    String model = partition.remoteModel();
    return row(KEEP, partition, model, Map.of())
        .map(TokenLimits::limit)
        .chain(limit ->
            enqueued(partition, model)
                .map(enqueued ->
                    limit.after(new Refusal(named, enqueued.tokens(), partition.creatingAt()))))
        .chain(tokens ->
            execute(LEARN, of(partition, model, Map.of("tokens", tokens, "now", utc(now)))))
        .replaceWithVoid();
  }

  /// A learned limit that blocks is raised by a step; the first candidate that fits then is chosen.
  private Uni<Optional<Headroom>> grown(
      Partition partition, List<Headroom> headrooms, Instant now) {
    var raised =
        headrooms.stream()
            .filter(headroom -> headroom.limit().mayHaveGrown(config.growAfter(), now))
            .map(Headroom::raised)
            .toList();
    var grown = raised.stream().filter(headroom -> headroom.fits(partition)).findFirst();
    // What is still too low is higher the next time.
    return Multi.createFrom()
        .iterable(grown.map(List::of).orElse(raised))
        .onItem()
        .transformToUniAndConcatenate(headroom -> raise(partition, headroom, now))
        .onItem()
        .ignoreAsUni()
        .replaceWith(grown);
  }

  private static Uni<Integer> raise(Partition partition, Headroom headroom, Instant now) {
    return execute(
        RAISE,
        of(
            partition,
            headroom.candidate().remoteModel(),
            Map.of("tokens", headroom.limit().tokens(), "now", utc(now))));
  }

  private static Uni<Enqueued> enqueued(Partition partition, String model) {
    return Panache.getSession()
        .chain(session ->
            session
                .createNativeQuery(ENQUEUED, Object[].class)
                .setParameter("partition", partition.id())
                .setParameter("model", model)
                .getSingleResult())
        .map(row -> enqueued((Object[]) row));
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

  private static LearnedLimit limit(Object[] row) {
    return new LearnedLimit(
        RowMapping.number(row[0]).orElse(0),
        RowMapping.number(row[1]).orElse(Long.MAX_VALUE),
        RowMapping.instant(row[2]),
        RowMapping.instant(row[3]),
        RowMapping.number(row[4]).stream().mapToObj(Duration::ofSeconds).findFirst());
  }

  private static Enqueued enqueued(Object[] row) {
    return new Enqueued(
        RowMapping.number(row[0]).orElse(0),
        RowMapping.number(row[1]).orElse(0),
        RowMapping.number(row[2]).orElse(0),
        RowMapping.instant(row[3]),
        RowMapping.number(row[4]).orElse(0));
  }
}
