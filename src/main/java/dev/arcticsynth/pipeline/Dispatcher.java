package dev.arcticsynth.pipeline;

import dev.arcticsynth.callback.CallbackConfig;
import dev.arcticsynth.database.DatabaseHealth;
import dev.arcticsynth.database.Outage;
import dev.arcticsynth.pipeline.account.AuditConfig;
import dev.arcticsynth.pipeline.batch.HeldLeases;
import dev.arcticsynth.pipeline.retry.FlowConfig;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.audit.AccountRepository;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import dev.arcticsynth.task.lease.LeaseLostException;
import dev.arcticsynth.task.lease.Replica;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// The tick: claims due rows, as many as there are permits, and runs their steps.
///
/// A tick does not wait for the ones before it. Each claimed row runs in an isolated context, and a
/// context that is done claims the next due row, so a long download delays no poll. The state is in
/// the database only; a process that dies loses its leases and nothing else.
@ApplicationScoped
public class Dispatcher {

  private static final Logger LOG = Logger.getLogger(Dispatcher.class);

  private static final Duration RENEWAL_PATIENCE = Duration.ofSeconds(20);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final AccountRepository accountRepository;
  private final Claims claims;
  private final HeldLeases heldLeases;
  private final Pipeline pipeline;
  private final List<String> providers;
  private final IsolatedContexts isolatedContexts;
  private final FlowConfig config;
  private final AuditConfig audit;
  private final InstantSource clock;
  private final Replica replica;
  private final DatabaseHealth databaseHealth;
  private final InFlightTracker inFlightTracker;
  private final Permits steps;
  private final Permits deliveries;
  private final Set<UUID> cutOff = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean stopping;

  Dispatcher(
      AccountRepository accountRepository,
      Claims claims,
      HeldLeases heldLeases,
      Pipeline pipeline,
      Providers providers,
      IsolatedContexts isolatedContexts,
      FlowConfig config,
      CallbackConfig callbacks,
      AuditConfig audit,
      InstantSource clock,
      Replica replica,
      DatabaseHealth databaseHealth,
      InFlightTracker inFlightTracker) {
    this.accountRepository = accountRepository;
    this.claims = claims;
    this.heldLeases = heldLeases;
    this.databaseHealth = databaseHealth;
    this.inFlightTracker = inFlightTracker;
    this.pipeline = pipeline;
    this.providers = providers.all().stream().map(Provider::name).toList();
    this.isolatedContexts = isolatedContexts;
    this.config = config;
    this.audit = audit;
    this.steps = new Permits(config.concurrency());
    this.deliveries = new Permits(callbacks.concurrency());
    this.clock = clock;
    this.replica = replica;
  }

  /// One tick. Completes when every row that it found due, and every row that became due by that,
  /// is done.
  public Uni<Void> tick() {
    return begin()
        .chain(this::free)
        .chain(() -> claim(Integer.MAX_VALUE, Integer.MAX_VALUE))
        .chain(claimed ->
            Multi.createFrom()
                .iterable(claimed)
                .onItem()
                .transformToUni(first -> isolatedContexts.run(() -> runInTurn(first)))
                .merge(Math.max(1, claimed.size()))
                .onItem()
                .ignoreAsUni())
        .onFailure(failure -> !stopping)
        .invoke(this::complain)
        .onFailure()
        .recoverWithNull();
  }

  /// Before the first tick: each provider gets its account row, without which none of its
  /// partitions is claimed, and leases of dead processes of this machine are freed.
  private Uni<Void> begin() {
    return begun.get()
        ? Uni.createFrom().voidItem()
        : accountRepository
            .open(providers, clock.instant().plus(audit.every()))
            .chain(() -> claims.inherit(clock.instant()))
            .invoke(dead ->
                dead.forEach(name -> LOG.infof("Took over from a dead process: replica=%s", name)))
            .invoke(() -> begun.set(true))
            .replaceWithVoid();
  }

  /// Rows with steps that failed by an outage need not wait for their leases to expire.
  private Uni<Void> free() {
    var tokens = List.copyOf(cutOff);
    return tokens.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims.release(tokens).invoke(() -> cutOff.removeAll(tokens));
  }

  /// An outage is logged once, not each second.
  private void complain(Throwable failure) {
    if (Outage.of(failure).isPresent()) {
      databaseHealth.lost(failure);
    } else {
      LOG.warnf("Tick failed, the next one repeats it: reason=%s", failure.getMessage());
    }
  }

  /// Renews the leases of the steps in flight.
  public Uni<Void> renew() {
    var held = heldLeases.held();
    return held.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims
            .renew(held, clock.instant().plus(config.lease()))
            // The next renewal may have a better connection, and must have time for it.
            .ifNoItem()
            .after(RENEWAL_PATIENCE)
            .fail()
            .onFailure()
            .invoke(failure -> LOG.warnf("Leases not renewed: reason=%s", failure.getMessage()))
            .onFailure()
            .recoverWithNull();
  }

  /// At the framework's shutdown event server and pool are closed or about to be; here they are up.
  void stop(
      @Observes ShutdownDelayInitiatedEvent event,
      @ConfigProperty(name = "arctic.stop.timeout", defaultValue = "25s") Duration timeout) {
    stop(timeout);
  }

  /// Claims nothing more, waits for the steps in flight, and releases the leases of those that do
  /// not end: the lease token prevents later writes to these rows, and the submit protocol prevents
  /// paying twice. Only shortens the wait of other replicas. Blocks.
  void stop(Duration timeout) {
    stopping = true;
    if (inFlightTracker.awaitNothing(timeout)) {
      return;
    }
    var left = heldLeases.held().stream().map(Claim::token).toList();
    LOG.infof("Stopped before everything was done: %s", inFlightTracker);
    claims
        .release(left)
        .ifNoItem()
        .after(LAST_WORDS)
        .fail()
        .onFailure()
        .invoke(failure ->
            LOG.warnf("Leases not released, they expire: reason=%s", failure.getMessage()))
        .onFailure()
        .recoverWithNull()
        .await()
        .indefinitely();
  }

  /// For tests, of which more than one stops.
  void goOn() {
    stopping = false;
  }

  private Uni<Void> runInTurn(Claim claim) {
    return run(claim)
        .chain(() -> isDelivery(claim) ? claim(0, 1) : claim(1, 0))
        .chain(next ->
            next.isEmpty()
                ? Uni.createFrom().voidItem()
                : Multi.createFrom()
                    .iterable(next)
                    .onItem()
                    .transformToUniAndConcatenate(this::runInTurn)
                    .onItem()
                    .ignoreAsUni());
  }

  private Uni<Void> run(Claim claim) {
    return pipeline
        .run(claim)
        .onFailure(LeaseLostException.class)
        .invoke(lost -> LOG.warn(lost.getMessage()))
        .onFailure(failure -> !stopping && !(failure instanceof LeaseLostException))
        .invoke(failure -> failed(claim, failure))
        .onFailure()
        .recoverWithNull()
        .eventually(() -> {
          heldLeases.letGo(claim);
          (isDelivery(claim) ? deliveries : steps).give(1);
          inFlightTracker.ended(1);
        });
  }

  private void failed(Claim claim, Throwable failure) {
    Optional<Outage> outage = Outage.of(failure);
    if (outage.isEmpty()) {
      LOG.errorf(
          failure,
          "Step failed, due again when its lease expires: kind=%s id=%s",
          claim.kind(),
          claim.id());
      return;
    }
    // After an overload an immediate retry would fail again.
    if (outage.get() == Outage.AWAY) {
      cutOff.add(claim.token());
    }
    LOG.warnf(
        "Step cut off by a database outage, retried: kind=%s id=%s outage=%s",
        claim.kind(), claim.id(), outage.get());
  }

  /// Claims no more rows than there are permits. Deliveries have permits of their own: a slow
  /// receiver does not delay the flow, nor the flow a callback.
  private Uni<List<Claim>> claim(int wantedSteps, int wantedDeliveries) {
    if (stopping) {
      return Uni.createFrom().item(List.of());
    }
    int permits = steps.take(wantedSteps);
    int deliveryPermits = deliveries.take(wantedDeliveries);
    if (permits + deliveryPermits == 0) {
      return Uni.createFrom().item(List.of());
    }
    inFlightTracker.begun(permits + deliveryPermits);
    return claims
        .claimDue(
            clock.instant(), replica.name(), config.lease(), providers, permits, deliveryPermits)
        // After a stop meanwhile no step begins.
        .chain(found -> stopping ? keep(List.of(), found) : within(permits, found))
        .invoke(kept -> {
          databaseHealth.heard();
          kept.forEach(heldLeases::hold);
          int sending = (int) kept.stream().filter(Dispatcher::isDelivery).count();
          release(permits - (kept.size() - sending), deliveryPermits - sending);
        })
        .onFailure()
        .invoke(() -> release(permits, deliveryPermits));
  }

  private void release(int permits, int deliveryPermits) {
    steps.give(permits);
    deliveries.give(deliveryPermits);
    inFlightTracker.ended(permits + deliveryPermits);
  }

  /// A claim may return that many rows of each kind; the surplus is released at once.
  private Uni<List<Claim>> within(int permits, List<Claim> found) {
    var tooMany = found.stream().filter(claim -> !isDelivery(claim)).skip(permits).toList();
    return keep(found.stream().filter(claim -> !tooMany.contains(claim)).toList(), tooMany);
  }

  private Uni<List<Claim>> keep(List<Claim> kept, List<Claim> tooMany) {
    return tooMany.isEmpty()
        ? Uni.createFrom().item(kept)
        : claims.release(tooMany.stream().map(Claim::token).toList()).replaceWith(kept);
  }

  private static boolean isDelivery(Claim claim) {
    return claim.kind() == Claim.Kind.DELIVERY;
  }
}
