package dev.arcticsynth.pipeline;

import dev.arcticsynth.database.Contact;
import dev.arcticsynth.database.Outage;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.Claim;
import dev.arcticsynth.task.Claims;
import dev.arcticsynth.task.LeaseLostException;
import dev.arcticsynth.task.Replica;
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

  private final Claims claims;
  private final Pipeline pipeline;
  private final List<String> providers;
  private final Lanes lanes;
  private final FlowConfig config;
  private final InstantSource clock;
  private final Replica replica;
  private final Contact contact;
  private final UnderWay underWay;
  private final Set<UUID> tokens = ConcurrentHashMap.newKeySet();
  private final Set<UUID> cutOff = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean inherited = new AtomicBoolean();
  private volatile boolean stopping;

  Dispatcher(
      Claims claims,
      Pipeline pipeline,
      Providers providers,
      Lanes lanes,
      FlowConfig config,
      InstantSource clock,
      Replica replica,
      Contact contact,
      UnderWay underWay) {
    this.underWay = underWay;
    this.claims = claims;
    this.contact = contact;
    this.pipeline = pipeline;
    this.providers = providers.all().stream().map(Provider::name).toList();
    this.lanes = lanes;
    this.config = config;
    this.clock = clock;
    this.replica = replica;
  }

  /// One beat. Completes when everything that it found due, and what became due by that, is done.
  public Uni<Void> tick() {
    return inherit()
        .chain(this::free)
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
        .invoke(this::complain)
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
            .onFailure()
            .invoke(() -> inherited.set(false))
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
      contact.lost(failure);
    } else {
      LOG.warnf("Tick failed, the next one tries again: %s", failure.getMessage());
    }
  }

  /// Keeps the leases of what is under way.
  public Uni<Void> renew() {
    return tokens.isEmpty()
        ? Uni.createFrom().voidItem()
        : claims
            .renew(Set.copyOf(tokens), clock.instant().plus(config.lease()))
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
    if (underWay.awaitNothing(timeout)) {
      return;
    }
    var left = Set.copyOf(tokens);
    LOG.infof("Stopped before everything was done: %s", underWay);
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
        .invoke(failure -> failed(claim, failure))
        .onFailure()
        .recoverWithNull()
        .eventually(() -> {
          tokens.remove(claim.token());
          underWay.give(1);
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

  /// Claims no more than there is room for; rows of a kind are counted apart, so half of each.
  private Uni<List<Claim>> claim(int wanted) {
    int room = stopping ? 0 : underWay.take(wanted, config.concurrency());
    if (room == 0) {
      return Uni.createFrom().item(List.of());
    }
    return claims
        .claimDue(clock.instant(), replica.name(), config.lease(), providers, room)
        // Who stopped meanwhile begins nothing.
        .chain(found -> within(stopping ? 0 : room, found))
        .invoke(kept -> {
          contact.heard();
          kept.forEach(claim -> tokens.add(claim.token()));
          underWay.give(room - kept.size());
        })
        .onFailure()
        .invoke(() -> underWay.give(room));
  }

  /// A claim may bring as many tasks and as many partitions; what is too much goes back at once.
  private Uni<List<Claim>> within(int room, List<Claim> found) {
    if (found.size() <= room) {
      return Uni.createFrom().item(found);
    }
    var tooMany = found.subList(room, found.size()).stream().map(Claim::token).toList();
    return claims.release(tooMany).replaceWith(found.subList(0, room));
  }
}
