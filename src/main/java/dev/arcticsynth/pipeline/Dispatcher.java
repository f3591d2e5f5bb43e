package dev.arcticsynth.pipeline;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.Audits;
import dev.arcticsynth.task.Claim;
import dev.arcticsynth.task.Claims;
import dev.arcticsynth.task.LeaseLostException;
import dev.arcticsynth.task.Replica;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/// The tick: claims what is due, as much as there is room for, and runs it.
///
/// A tick does not wait for the ones before it. Each claimed row becomes a lane of its own, and a
/// lane that is done takes the next due row, so a long download holds up nobody's poll. Tick by
/// tick the state is in the database only; a process that dies loses its leases and nothing else.
@ApplicationScoped
public class Dispatcher {

  private static final Logger LOG = Logger.getLogger(Dispatcher.class);

  private final Audits audits;
  private final Claims claims;
  private final Leases leases;
  private final Pipeline pipeline;
  private final List<String> providers;
  private final Lanes lanes;
  private final FlowConfig config;
  private final AuditConfig audit;
  private final InstantSource clock;
  private final Replica replica;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean stopping;

  Dispatcher(
      Audits audits,
      Claims claims,
      Leases leases,
      Pipeline pipeline,
      Providers providers,
      Lanes lanes,
      FlowConfig config,
      AuditConfig audit,
      InstantSource clock,
      Replica replica) {
    this.audits = audits;
    this.claims = claims;
    this.leases = leases;
    this.pipeline = pipeline;
    this.providers = providers.all().stream().map(Provider::name).toList();
    this.lanes = lanes;
    this.config = config;
    this.audit = audit;
    this.clock = clock;
    this.replica = replica;
  }

  /// One beat. Completes when everything that it found due, and what became due by that, is done.
  public Uni<Void> tick() {
    return begin()
        .chain(() -> claim(config.concurrency()))
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

  /// Before the first beat: each provider has an account, without which nothing of it is claimed,
  /// and rows of processes that died on this machine need not wait.
  private Uni<Void> begin() {
    return begun.get()
        ? Uni.createFrom().voidItem()
        : audits
            .open(providers, clock.instant().plus(audit.every()))
            .chain(() -> claims.inherit(clock.instant()))
            .invoke(gone ->
                gone.forEach(name -> LOG.infof("Took over from a dead process: replica=%s", name)))
            .invoke(() -> begun.set(true))
            .replaceWithVoid();
  }

  /// Keeps the leases of what is under way.
  public Uni<Void> renew() {
    var held = leases.held();
    return held.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims
            .renew(held, clock.instant().plus(config.lease()))
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
        .chain(() -> claim(1))
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
          leases.letGo(claim);
          running.decrementAndGet();
        });
  }

  /// Claims no more than there is room for; rows of a kind are counted apart.
  private Uni<List<Claim>> claim(int wanted) {
    int room = Math.min(wanted, config.concurrency() - running.get());
    if (room <= 0 || stopping) {
      return Uni.createFrom().item(List.of());
    }
    running.addAndGet(room);
    return claims
        .claimDue(clock.instant(), replica.name(), config.lease(), providers, room)
        .chain(found -> within(room, found))
        .invoke(kept -> {
          kept.forEach(leases::hold);
          running.addAndGet(kept.size() - room);
        })
        .onFailure()
        .invoke(() -> running.addAndGet(-room));
  }

  /// A claim may bring so many rows of each kind; what is too much goes back at once.
  private Uni<List<Claim>> within(int room, List<Claim> found) {
    if (found.size() <= room) {
      return Uni.createFrom().item(found);
    }
    var tooMany = found.subList(room, found.size()).stream().map(Claim::token).toList();
    return claims.release(tooMany).replaceWith(found.subList(0, room));
  }
}
