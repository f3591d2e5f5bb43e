package dev.arcticsynth.pipeline;

import dev.arcticsynth.callback.CallbackConfig;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.Claim;
import dev.arcticsynth.task.Claims;
import dev.arcticsynth.task.LeaseLostException;
import dev.arcticsynth.task.Replica;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// The tick: claims what is due, as much as there is room for, and runs it.
///
/// A tick does not wait for the ones before it. Each claimed row becomes a lane of its own, and a
/// lane that is done takes the next due row, so a long download holds up nobody's poll. Tick by
/// tick the state is in the database only; a process that dies loses its leases and nothing else.
@ApplicationScoped
public class Dispatcher {

  private static final Logger LOG = Logger.getLogger(Dispatcher.class);

  private final Claims claims;
  private final Pipeline pipeline;
  private final List<String> providers;
  private final Lanes lanes;
  private final FlowConfig config;
  private final InstantSource clock;
  private final Replica replica;
  private final Room steps;
  private final Room deliveries;
  private final Set<UUID> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean inherited = new AtomicBoolean();
  private volatile boolean stopping;

  Dispatcher(
      Claims claims,
      Pipeline pipeline,
      Providers providers,
      Lanes lanes,
      FlowConfig config,
      CallbackConfig callbacks,
      InstantSource clock,
      Replica replica) {
    this.claims = claims;
    this.pipeline = pipeline;
    this.providers = providers.all().stream().map(Provider::name).toList();
    this.lanes = lanes;
    this.config = config;
    this.steps = new Room(config.concurrency());
    this.deliveries = new Room(callbacks.concurrency());
    this.clock = clock;
    this.replica = replica;
  }

  /// One beat. Completes when everything that it found due, and what became due by that, is done.
  @Scheduled(
      every = "${arctic.tick:1s}",
      concurrentExecution = ConcurrentExecution.PROCEED,
      identity = "dispatcher")
  public Uni<Void> tick() {
    return inherit()
        .chain(() -> claim(Integer.MAX_VALUE, Integer.MAX_VALUE))
        .chain(claimed ->
            Multi.createFrom()
                .iterable(claimed)
                .onItem()
                .transformToUni(first -> lanes.run(() -> lane(first)))
                .merge(Math.max(1, claimed.size()))
                .onItem()
                .ignoreAsUni())
        .onFailure(failure -> !stopping)
        .invoke(
            failure -> LOG.warnf("Tick failed, the next one tries again: %s", failure.getMessage()))
        .onFailure()
        .recoverWithNull();
  }

  /// Before the first beat: rows of processes that died on this machine need not wait.
  private Uni<Void> inherit() {
    return inherited.getAndSet(true)
        ? Uni.createFrom().voidItem()
        : claims
            .inherit(clock.instant())
            .invoke(gone ->
                gone.forEach(name -> LOG.infof("Took over from a dead process: replica=%s", name)))
            .replaceWithVoid();
  }

  /// Keeps the leases of what is under way.
  @Scheduled(
      every = "${arctic.lease-renewal:30s}",
      concurrentExecution = ConcurrentExecution.SKIP,
      identity = "leases")
  public Uni<Void> renew() {
    return tokens.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims
            .renew(Set.copyOf(tokens), clock.instant().plus(config.lease()))
            .onFailure()
            .invoke(failure -> LOG.warnf("Leases not renewed: %s", failure.getMessage()))
            .onFailure()
            .recoverWithNull();
  }

  void stop(@Observes ShutdownEvent event) {
    stopping = true;
  }

  private Uni<Void> lane(Claim claim) {
    return run(claim)
        .chain(() -> isDelivery(claim) ? claim(0, 1) : claim(1, 0))
        .chain(next ->
            next.isEmpty()
                ? Uni.createFrom().voidItem()
                : Multi.createFrom()
                    .iterable(next)
                    .onItem()
                    .transformToUniAndConcatenate(this::lane)
                    .onItem()
                    .ignoreAsUni());
  }

  private Uni<Void> run(Claim claim) {
    return pipeline
        .run(claim)
        .onFailure(LeaseLostException.class)
        .invoke(lost -> LOG.warn(lost.getMessage()))
        .onFailure(failure -> !stopping && !(failure instanceof LeaseLostException))
        .invoke(failure ->
            LOG.errorf(
                failure,
                "Step failed, due again when its lease runs out: kind=%s id=%s",
                claim.kind(),
                claim.id()))
        .onFailure()
        .recoverWithNull()
        .eventually(() -> {
          tokens.remove(claim.token());
          (isDelivery(claim) ? deliveries : steps).give(1);
        });
  }

  /// Claims no more than there is room for. What is owed to callers has room of its own: a slow
  /// receiver does not hold up the flow, nor the flow a callback.
  private Uni<List<Claim>> claim(int wantedSteps, int wantedDeliveries) {
    if (stopping) {
      return Uni.createFrom().item(List.of());
    }
    int room = steps.take(wantedSteps);
    int mail = deliveries.take(wantedDeliveries);
    if (room + mail == 0) {
      return Uni.createFrom().item(List.of());
    }
    return claims
        .claimDue(clock.instant(), replica.name(), config.lease(), providers, room, mail)
        .chain(found -> within(room, found))
        .invoke(kept -> {
          kept.forEach(claim -> tokens.add(claim.token()));
          int sending = (int) kept.stream().filter(Dispatcher::isDelivery).count();
          steps.give(room - (kept.size() - sending));
          deliveries.give(mail - sending);
        })
        .onFailure()
        .invoke(() -> {
          steps.give(room);
          deliveries.give(mail);
        });
  }

  /// A claim may bring as many tasks and as many partitions; what is too much goes back at once.
  private Uni<List<Claim>> within(int room, List<Claim> found) {
    var tooMany = found.stream().filter(claim -> !isDelivery(claim)).skip(room).toList();
    return tooMany.isEmpty()
        ? Uni.createFrom().item(found)
        : claims
            .release(tooMany.stream().map(Claim::token).toList())
            .replaceWith(found.stream().filter(claim -> !tooMany.contains(claim)).toList());
  }

  private static boolean isDelivery(Claim claim) {
    return claim.kind() == Claim.Kind.DELIVERY;
  }
}
