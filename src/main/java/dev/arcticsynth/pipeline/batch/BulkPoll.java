package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.provider.PollConfig;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.BatchTag;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.StatusSuspect;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.lease.BulkPollClaims;
import dev.arcticsynth.task.lease.BulkPollClaims.ClaimedBatch;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import dev.arcticsynth.task.lease.LeaseLostException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Polls many batches with few calls: where more than `arctic.poll.together` are live on an
/// account, the list of batches returns a hundred at once. And the second way to a batch whose own
/// status could not be read: a provider may list as completed what it answers no single call about.
@ApplicationScoped
class BulkPoll {

  private static final Logger LOG = Logger.getLogger(BulkPoll.class);

  private final BulkPollClaims bulkPollClaims;
  private final PartitionRepository partitions;
  private final Claims claims;
  private final HeldLeases heldLeases;
  private final StatusTranslator statuses;
  private final Backoff backoff;
  private final PollConfig config;
  private final InstantSource clock;

  BulkPoll(
      BulkPollClaims bulkPollClaims,
      PartitionRepository partitions,
      Claims claims,
      HeldLeases heldLeases,
      StatusTranslator statuses,
      Backoff backoff,
      PollConfig config,
      InstantSource clock) {
    this.bulkPollClaims = bulkPollClaims;
    this.partitions = partitions;
    this.claims = claims;
    this.heldLeases = heldLeases;
    this.statuses = statuses;
    this.backoff = backoff;
    this.config = config;
    this.clock = clock;
  }

  /// How one batch is polled.
  interface Poller {
    Uni<Partition> conclude(Claim claim, Partition partition, PartitionEvent event);

    Uni<Partition> alone(Claim claim, Partition partition, Provider provider);
  }

  /// Whether the claimed partition and others have been polled by the list. If not, nothing has
  /// changed for it.
  Uni<Boolean> ask(Claim claim, Partition partition, Provider provider, Poller poller) {
    var interval = backoff.pollInterval(provider.pollPace(), partition.polls());
    var now = clock.instant();
    boolean isUnread = partition.isStatusUnread();
    return bulkPollClaims
        .claim(
            claim,
            partition.provider(),
            isUnread ? 0 : config.together(),
            now.plus(interval.dividedBy(2)),
            now)
        .chain(found ->
            found.isEmpty() && !isUnread
                ? Uni.createFrom().item(false)
                : ask(new Round(claim, partition, found), provider, poller));
  }

  private Uni<Boolean> ask(Round round, Provider provider, Poller poller) {
    round.companions().forEach(heldLeases::hold);
    return byList(round, provider, poller)
        .onFailure(ProviderException.class)
        .invoke(failure ->
            LOG.warnf(
                "List of batches failed, polling one by one: provider=%s reason=%s",
                provider.name(), failure.getMessage()))
        .onFailure(ProviderException.class)
        .recoverWithNull()
        .chain(() -> alone(round, provider, poller))
        .map(_ -> round.isFirstPolled())
        .eventually(() -> giveBack(round));
  }

  private Uni<Void> byList(Round round, Provider provider, Poller poller) {
    return provider
        .batches(round.since())
        .onItem()
        .transformToUniAndConcatenate(
            page -> conclude(round, page, provider, poller).replaceWith(round::isOpen))
        .select()
        .first(isOpen -> isOpen)
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> conclude(
      Round round, List<ListedBatch> page, Provider provider, Poller poller) {
    var matched = round.matches(page);
    return partitions
        .claimed(matched.keySet())
        .chain(found ->
            Multi.createFrom()
                .iterable(matched.entrySet())
                .onItem()
                .transformToUniAndConcatenate(match -> {
                  var partition = Optional.ofNullable(found.get(match.getKey().id()));
                  return partition.isEmpty()
                      ? done(round, match.getKey())
                      : conclude(
                          round,
                          match.getKey(),
                          partition.get(),
                          statuses.event(partition.get(), match.getValue().status(), provider),
                          poller);
                })
                .onItem()
                .ignoreAsUni());
  }

  /// An implausible status in a list is checked by polling the batch itself.
  private Uni<Void> conclude(
      Round round, Claim claim, Partition partition, PartitionEvent event, Poller poller) {
    return event instanceof StatusSuspect
        ? Uni.createFrom().voidItem()
        : poller
            .conclude(claim, partition, event)
            .onFailure(LeaseLostException.class)
            .recoverWithNull()
            .chain(() -> done(round, claim));
  }

  /// Companions that the list did not show; those that are not due yet may wait.
  private Uni<Void> alone(Round round, Provider provider, Poller poller) {
    var now = clock.instant();
    var due = round.companions().stream().filter(claim -> !claim.dueAt().isAfter(now)).toList();
    return due.isEmpty()
        ? Uni.createFrom().voidItem()
        : partitions
            .claimed(due)
            .chain(found ->
                Multi.createFrom()
                    .iterable(due)
                    .onItem()
                    .transformToUniAndConcatenate(claim ->
                        Optional.ofNullable(found.get(claim.id()))
                            .map(partition ->
                                poller
                                    .alone(claim, partition, provider)
                                    .onFailure(LeaseLostException.class)
                                    .recoverWithNull()
                                    .chain(() -> done(round, claim)))
                            .orElseGet(() -> done(round, claim)))
                    .onItem()
                    .ignoreAsUni());
  }

  private Uni<Void> done(Round round, Claim claim) {
    round.polled(claim);
    if (!claim.equals(round.first)) {
      heldLeases.letGo(claim);
    }
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> giveBack(Round round) {
    var left = round.companions();
    left.forEach(heldLeases::letGo);
    return left.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims.release(left.stream().map(Claim::token).toList()).onFailure().recoverWithNull();
  }

  /// The partitions still to be polled in one step, by batch.
  private static final class Round {
    private final Claim first;
    private final Instant since;
    private final Map<String, Claim> waiting = new HashMap<>();

    Round(Claim first, Partition partition, List<ClaimedBatch> companions) {
      this.first = first;
      this.since =
          Stream.concat(
                  Stream.of(partition.creatingAt().orElse(partition.createdAt())),
                  companions.stream().map(ClaimedBatch::madeAt))
              .min(Instant::compareTo)
              .orElseThrow();
      waiting.put(partition.remoteBatchId().orElseThrow(), first);
      companions.forEach(sibling -> waiting.put(sibling.batchId(), sibling.claim()));
    }

    Instant since() {
      return since;
    }

    boolean isOpen() {
      return !waiting.isEmpty();
    }

    boolean isFirstPolled() {
      return !waiting.containsValue(first);
    }

    List<Claim> companions() {
      return waiting.values().stream().filter(claim -> !claim.equals(first)).toList();
    }

    Map<Claim, ListedBatch> matches(List<ListedBatch> page) {
      var matches = new LinkedHashMap<Claim, ListedBatch>();
      for (ListedBatch batch : page) {
        Claim claim = waiting.get(batch.id());
        if (claim != null && !isOfAnother(batch, claim)) {
          matches.put(claim, batch);
        }
      }
      return matches;
    }

    /// Gateways that count from 1 after a restart give an id twice.
    private static boolean isOfAnother(ListedBatch batch, Claim claim) {
      return BatchTag.parse(batch.tag())
          .filter(tag -> !tag.partition().equals(claim.id()))
          .isPresent();
    }

    void polled(Claim claim) {
      waiting.values().remove(claim);
    }
  }
}
