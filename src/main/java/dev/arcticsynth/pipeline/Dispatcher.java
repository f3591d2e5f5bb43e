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
import dev.arcticsynth.task.quota.ProviderAccounts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// The tick: claims what is due, as much as there are permits for, and runs it.
///
/// Each claimed row runs in an isolated context, and a context that is done takes the next due row,
/// so a long download holds up no poll. Tick by tick the state is in the database only; a process
/// that dies loses its leases and nothing else.
@ApplicationScoped
public class Dispatcher {

  private static final Logger LOG = Logger.getLogger(Dispatcher.class);

  /// The next renewal may have a better connection, and must find time to.
  private static final Duration RENEWAL_TIMEOUT = Duration.ofSeconds(20);

  private final AccountRepository accountRepository;
  private final ProviderAccounts accounts;
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
  private final CutOffRows cutOff;
  private final GracefulStop stop;
  private final Permits steps;
  private final Permits deliveries;
  private final AtomicBoolean begun = new AtomicBoolean();

  Dispatcher(
      AccountRepository accountRepository,
      ProviderAccounts accounts,
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
      InFlightTracker inFlightTracker,
      CutOffRows cutOff,
      GracefulStop stop) {
    this.accountRepository = accountRepository;
    this.accounts = accounts;
    this.claims = claims;
    this.heldLeases = heldLeases;
    this.databaseHealth = databaseHealth;
    this.inFlightTracker = inFlightTracker;
    this.cutOff = cutOff;
    this.stop = stop;
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

  /// One tick. Completes when what is due is claimed; the steps continue by themselves, so the next
  /// tick does not wait for them.
  Uni<Void> dispatch() {
    return due()
        .invoke(claimed -> claimed.forEach(first -> isolatedContexts.start(() -> runInTurn(first))))
        .replaceWithVoid();
  }

  /// One tick. Completes when everything that it found due, and what became due by that, is done.
  public Uni<Void> tick() {
    return due()
        .chain(claimed ->
            Multi.createFrom()
                .iterable(claimed)
                .onItem()
                .transformToUni(first -> isolatedContexts.run(() -> runInTurn(first)))
                .merge(Math.max(1, claimed.size()))
                .onItem()
                .ignoreAsUni());
  }

  private Uni<List<Claim>> due() {
    return orNothing(
        begin().chain(cutOff::release).chain(() -> claim(Integer.MAX_VALUE, Integer.MAX_VALUE)));
  }

  /// Before the first tick: each provider has an account, without which nothing of it is claimed,
  /// what waits for a key that was corrected waits no longer, and rows of processes that died on
  /// this machine need not wait.
  private Uni<Void> begin() {
    return begun.get()
        ? Uni.createFrom().voidItem()
        : accountRepository
            .open(providers, clock.instant().plus(audit.every()))
            .chain(() -> accounts.started(providers))
            .chain(() -> claims.inherit(clock.instant()))
            .invoke(dead ->
                dead.forEach(name -> LOG.infof("Took over from a dead process: replica=%s", name)))
            .invoke(() -> begun.set(true))
            .replaceWithVoid();
  }

  private Uni<List<Claim>> orNothing(Uni<List<Claim>> claimed) {
    return claimed
        .onFailure(failure -> !stop.isStopping())
        .invoke(this::complain)
        .onFailure()
        .recoverWithItem(List.of());
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
            .ifNoItem()
            .after(renewalTimeout())
            .fail()
            .onFailure()
            .invoke(failure -> LOG.warnf("Leases not renewed: reason=%s", failure.getMessage()))
            .onFailure()
            .recoverWithNull();
  }

  private Duration renewalTimeout() {
    Duration third = config.lease().dividedBy(3);
    return third.compareTo(RENEWAL_TIMEOUT) < 0 ? third : RENEWAL_TIMEOUT;
  }

  private Uni<Void> runInTurn(Claim claim) {
    return run(claim)
        .chain(() -> orNothing(isDelivery(claim) ? claim(0, 1) : claim(1, 0)))
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
        .onFailure(failure -> !stop.isStopping() && !(failure instanceof LeaseLostException))
        .invoke(failure -> failed(claim, failure))
        .onFailure()
        .recoverWithNull()
        .eventually(() -> {
          heldLeases.letGo(claim);
          (isDelivery(claim) ? deliveries : steps).release(1);
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
      cutOff.add(claim);
    }
    LOG.warnf(
        "Step cut off by a database outage, retried: kind=%s id=%s outage=%s",
        claim.kind(), claim.id(), outage.get());
  }

  /// Claims no more than there are permits for. Deliveries to callers have permits of their own: a
  /// slow receiver does not hold up the flow, nor the flow a callback.
  private Uni<List<Claim>> claim(int wantedSteps, int wantedDeliveries) {
    if (stop.isStopping()) {
      return Uni.createFrom().item(List.of());
    }
    int stepPermits = steps.acquire(wantedSteps);
    int deliveryPermits = deliveries.acquire(wantedDeliveries);
    if (stepPermits + deliveryPermits == 0) {
      return Uni.createFrom().item(List.of());
    }
    inFlightTracker.begun(stepPermits + deliveryPermits);
    return claims
        .claimDue(
            clock.instant(),
            replica.name(),
            config.lease(),
            providers,
            stepPermits,
            deliveryPermits)
        // After a stop meanwhile no step begins.
        .chain(found -> stop.isStopping() ? keep(List.of(), found) : within(stepPermits, found))
        .invoke(kept -> {
          databaseHealth.heard();
          kept.forEach(heldLeases::hold);
          int sending = (int) kept.stream().filter(Dispatcher::isDelivery).count();
          giveBack(stepPermits - (kept.size() - sending), deliveryPermits - sending);
        })
        .onFailure()
        .invoke(() -> giveBack(stepPermits, deliveryPermits));
  }

  private void giveBack(int stepPermits, int deliveryPermits) {
    steps.release(stepPermits);
    deliveries.release(deliveryPermits);
    inFlightTracker.ended(stepPermits + deliveryPermits);
  }

  /// A claim may bring so many rows of each kind; what is too much goes back at once.
  private Uni<List<Claim>> within(int stepPermits, List<Claim> found) {
    var tooMany = found.stream().filter(claim -> !isDelivery(claim)).skip(stepPermits).toList();
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
