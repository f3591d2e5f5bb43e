package dev.arcticsynth.callback.delivery;

import dev.arcticsynth.failpoint.Failpoint;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.hibernate.reactive.mutiny.Mutiny;

/// Deliveries and their outcomes. Every method is one transaction. A method of a sender's return
/// empty where the lease is lost: another replica has the delivery.
@ApplicationScoped
public class DeliveryRepository implements PanacheRepositoryBase<Delivery, UUID> {

  private static final int ATTEMPTS_SHOWN = 100;
  private static final Duration PUT_OFF = Duration.ofMinutes(5);

  // The task may be deleted at this moment; then it has no history any more.
  private static final String HISTORY =
      """
      INSERT INTO task_event (task_id, at, actor, event, detail)
      SELECT id, :at, :actor, :event, :detail FROM task WHERE id = :task FOR KEY SHARE\
      """;
  private static final String FORGET =
      """
      DELETE FROM callback c WHERE c.id = :callback AND c.task_id IS NULL
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.callback_id = c.id AND d.state = 'PENDING')\
      """;

  private final RetrySchedule retrySchedule;
  private final InstantSource clock;

  DeliveryRepository(RetrySchedule retrySchedule, InstantSource clock) {
    this.retrySchedule = retrySchedule;
    this.clock = clock;
  }

  // What a sender does.

  public Uni<Optional<Delivery>> claimed(UUID id, UUID token) {
    return Panache.withSession(() ->
        find("id = ?1 and leaseToken = ?2", id, token).firstResult().map(Optional::ofNullable));
  }

  /// Records the outcome of an attempt: the delivery is over, due again, or dead.
  ///
  /// @param actor who sent it, for the history
  Uni<Optional<Delivery>> record(
      UUID id, UUID token, DeliveryOutcome deliveryOutcome, String actor) {
    var now = clock.instant();
    return held(
        id,
        token,
        delivery -> {
          delivery.apply(
              deliveryOutcome,
              retrySchedule.after(delivery.recentAttempts() + 1, deliveryOutcome),
              now);
          return Panache.getSession()
              .chain(session ->
                  session
                      .persist(new DeliveryAttempt(delivery, deliveryOutcome, now))
                      .chain(session::flush)
                      .chain(() ->
                          delivery.isPending()
                              ? Uni.createFrom().voidItem()
                              : history(session, delivery, deliveryOutcome, actor)
                                  .chain(() -> forget(session, delivery))));
        });
  }

  /// Delays a delivery that cannot be signed, until an operator may have acted.
  public Uni<Optional<Delivery>> putOff(UUID id, UUID token) {
    return held(
        id,
        token,
        delivery -> {
          delivery.putOff(clock.instant().plus(PUT_OFF));
          return Uni.createFrom().voidItem();
        });
  }

  private Uni<Optional<Delivery>> held(UUID id, UUID token, Function<Delivery, Uni<Void>> change) {
    return Panache.withTransaction(() ->
            find("id = ?1", id)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResult()
                .chain(delivery ->
                    delivery == null || !delivery.isHeldBy(token)
                        ? Uni.createFrom().item(Optional.<Delivery>empty())
                        : change.apply(delivery).replaceWith(Optional.of(delivery)))
                .invoke(() -> Failpoint.hit("callback.record.before-commit")))
        .invoke(() -> Failpoint.hit("callback.record.after-commit"));
  }

  private Uni<Void> history(
      Mutiny.Session session, Delivery delivery, DeliveryOutcome deliveryOutcome, String actor) {
    String detail =
        "id=%s attempts=%d %s"
            .formatted(
                delivery.webhookId(),
                delivery.attempts(),
                deliveryOutcome.status().isPresent()
                    ? "status=" + deliveryOutcome.status().getAsInt()
                    : "error="
                        + deliveryOutcome.trouble().map(DeliveryRepository::lower).orElse(""));
    return session
        .createNativeQuery(HISTORY)
        .setParameter("at", clock.instant())
        .setParameter("actor", actor)
        .setParameter("event", "callback." + lower(delivery.state()))
        .setParameter("detail", detail)
        .setParameter("task", delivery.callbackId())
        .executeUpdate()
        .replaceWithVoid();
  }

  /// The last delivery of a task that is deleted takes the callback and its secrets along. The lock
  /// comes first and alone: it waits for a concurrent deletion of the task, and then sees it.
  private static Uni<Void> forget(Mutiny.Session session, Delivery delivery) {
    return session
        .createNativeQuery("SELECT id FROM callback WHERE id = :callback FOR UPDATE", UUID.class)
        .setParameter("callback", delivery.callbackId())
        .getSingleResultOrNull()
        .chain(() ->
            session
                .createNativeQuery(FORGET)
                .setParameter("callback", delivery.callbackId())
                .executeUpdate())
        .replaceWithVoid();
  }

  // What callers do.

  /// A task's deliveries, the oldest first, after one of them.
  public Uni<List<Delivery>> ofTask(UUID taskId, int afterEnding, int limit) {
    return Panache.withSession(() ->
        find("callbackId = ?1 and ending > ?2", Sort.by("ending"), taskId, afterEnding)
            .page(0, limit)
            .list());
  }

  /// The newest attempts of a delivery, in their order.
  public Uni<List<DeliveryAttempt>> attempts(UUID deliveryId) {
    return Panache.withSession(() ->
            Panache.getSession()
                .chain(session ->
                    session
                        .createSelectionQuery(
                            "from DeliveryAttempt where deliveryId = ?1 order by n desc",
                            DeliveryAttempt.class)
                        .setParameter(1, deliveryId)
                        .setMaxResults(ATTEMPTS_SHOWN)
                        .getResultList()))
        .map(List::reversed);
  }

  /// Redelivers, under the same webhook id, whatever the delivery's state. Empty where the task has
  /// no such delivery.
  public Uni<Optional<Delivery>> redeliver(UUID taskId, String webhookId) {
    return Delivery.idOf(webhookId)
        .map(id ->
            Panache.withTransaction(() ->
                find("id = ?1 and callbackId = ?2", id, taskId)
                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                    .firstResult()
                    .map(Optional::ofNullable)
                    .invoke(
                        found -> found.ifPresent(delivery -> delivery.redeliver(clock.instant())))))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
