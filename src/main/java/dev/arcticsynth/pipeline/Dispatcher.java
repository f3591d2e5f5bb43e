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

/// The tick: claims what is due, as much as there is room for, and runs it.
///
/// A tick does not wait for the ones before it. Each claimed row becomes a lane of its own, and a
/// lane that is done takes the next due row, so a long download holds up nobody's poll. Tick by
/// tick the state is in the database only; a process that dies loses its leases and nothing else.
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

  /// One beat. Completes when everything that it found due, and what became due by that, is done.
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

  /// Before the first beat: each provider has an account, without which nothing of it is claimed,
  /// and rows of processes that died on this machine need not wait.
  private Uni<Void> begin() {
    return begun.get()
        ? Uni.createFrom().voidItem()
        : accountRepository
            .open(providers, clock.instant().plus(audit.every()))
            .chain(() -> claims.inherit(clock.instant()))
            .invoke(gone ->
                gone.forEach(name -> LOG.infof("Took over from a dead process: replica=%s", name)))
            .invoke(() -> begun.set(true))
            .replaceWithVoid();
  }

  /// Rows whose steps lost the database need not wait for their leases to run out.
  private Uni<Void> free() {
    var tokens = List.copyOf(cutOff);
    return tokens.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims.release(tokens).invoke(() -> cutOff.removeAll(tokens));
  }

  /// An outage is told once, not each second.
  private void complain(Throwable failure) {
    if (Outage.of(failure).isPresent()) {
      databaseHealth.lost(failure);
    } else {
      LOG.warnf("Tick failed, the next one tries again: %s", failure.getMessage());
    }
  }

  /// Keeps the leases of what is under way.
  public Uni<Void> renew() {
    var held = heldLeases.held();
    return held.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims
            .renew(held, clock.instant().plus(config.lease()))
            // The next beat may have a better connection, and must find time to.
            .ifNoItem()
            .after(RENEWAL_PATIENCE)
            .fail()
            .onFailure()
            .invoke(failure -> LOG.warnf("Leases not renewed: %s", failure.getMessage()))
            .onFailure()
            .recoverWithNull();
  }

  /// When the framework says that it stops, server and pool are closed or about to be; here they
  /// are up.
  void stop(
      @Observes ShutdownDelayInitiatedEvent event,
      @ConfigProperty(name = "arctic.stop.timeout", defaultValue = "25s") Duration timeout) {
    stop(timeout);
  }

  /// Claims nothing more, lets what is under way come to its end, and gives back what does not: the
  /// lease token keeps us from writing to it, and the submit protocol from paying twice. Nothing
  /// depends on this but the time that others wait. Blocks.
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
        .invoke(failure -> LOG.warnf("Leases are left to run out: %s", failure.getMessage()))
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
          "Step failed, due again when its lease runs out: kind=%s id=%s",
          claim.kind(),
          claim.id());
      return;
    }
    // What is too much for the database now would be so at once again.
    if (outage.get() == Outage.AWAY) {
      cutOff.add(claim.token());
    }
    LOG.warnf(
        "Step cut off by the database, done again: kind=%s id=%s outage=%s",
        claim.kind(), claim.id(), outage.get());
  }

  /// Claims no more than there is room for. What is owed to callers has room of its own: a slow
  /// receiver does not hold up the flow, nor the flow a callback.
  private Uni<List<Claim>> claim(int wantedSteps, int wantedDeliveries) {
    if (stopping) {
      return Uni.createFrom().item(List.of());
    }
    int permits = steps.take(wantedSteps);
    int mail = deliveries.take(wantedDeliveries);
    if (permits + mail == 0) {
      return Uni.createFrom().item(List.of());
    }
    inFlightTracker.begun(permits + mail);
    return claims
        .claimDue(clock.instant(), replica.name(), config.lease(), providers, permits, mail)
        // Who stopped meanwhile begins nothing.
        .chain(found -> stopping ? keep(List.of(), found) : within(permits, found))
        .invoke(kept -> {
          databaseHealth.heard();
          kept.forEach(heldLeases::hold);
          int sending = (int) kept.stream().filter(Dispatcher::isDelivery).count();
          giveBack(permits - (kept.size() - sending), mail - sending);
        })
        .onFailure()
        .invoke(() -> giveBack(permits, mail));
  }

  private void giveBack(int permits, int mail) {
    steps.give(permits);
    deliveries.give(mail);
    inFlightTracker.ended(permits + mail);
  }

  /// A claim may bring so many rows of each kind; what is too much goes back at once.
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
