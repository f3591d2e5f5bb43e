package dev.arcticsynth.callback.secret;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.reactive.mutiny.Mutiny;

/// The secrets of tasks: what signs now, and how it is changed. Every method is one transaction.
@ApplicationScoped
public class CallbackSecrets {

  private static final Duration OVERLAP = Duration.ofHours(24);

  private final Keyring keyring;
  private final InstantSource clock;

  CallbackSecrets(Keyring keyring, InstantSource clock) {
    this.keyring = keyring;
    this.clock = clock;
  }

  /// What signs for a task now, the current one first. Fails with [UnreadableSecretException].
  public Uni<List<Secret>> of(UUID taskId) {
    var now = clock.instant();
    return Panache.withSession(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .find(Callback.class, taskId)
                    .chain(callback ->
                        kept(session, taskId).map(kept -> signing(callback, kept, now)))));
  }

  /// Makes a secret the task's current one; the previous one also signs for a day. The same secret
  /// again changes nothing. Fails with `InvalidCallbackException`.
  ///
  /// @return false where the task has no callback
  public Uni<Boolean> replace(UUID taskId, String secret) {
    byte[] sealed = keyring.seal(taskId, secret);
    return Panache.withTransaction(() ->
        Panache.getSession()
            .chain(session ->
                session
                    .find(Callback.class, taskId, LockModeType.PESSIMISTIC_WRITE)
                    .chain(callback ->
                        callback == null
                            ? Uni.createFrom().item(false)
                            : kept(session, taskId)
                                .chain(kept -> replace(session, callback, kept, sealed))
                                .replaceWith(true))));
  }

  private Uni<Void> replace(
      Mutiny.Session session, Callback callback, List<CallbackSecret> kept, byte[] sealed) {
    var now = clock.instant();
    if (!kept.isEmpty() && isSame(callback.id(), kept.getFirst(), sealed)) {
      return Uni.createFrom().voidItem();
    }
    if (kept.isEmpty()) {
      callback.shareUntil(now.plus(OVERLAP));
    } else if (kept.getFirst().isCurrent()) {
      kept.getFirst().retire(now.plus(OVERLAP));
    }
    int next = kept.isEmpty() ? 0 : kept.getFirst().n() + 1;
    // First the old one ends, in a statement of its own: two current ones the database refuses.
    return session
        .flush()
        .chain(() -> session.removeAll(worn(kept, now)))
        .chain(() -> session.persist(new CallbackSecret(callback.id(), next, sealed)));
  }

  private static Object[] worn(List<CallbackSecret> kept, Instant now) {
    var worn = new ArrayList<Object>();
    for (int i = 0; i < kept.size(); i++) {
      if (i >= Keyring.MOST - 1 || !kept.get(i).isValid(now)) {
        worn.add(kept.get(i));
      }
    }
    return worn.toArray();
  }

  private boolean isSame(UUID taskId, CallbackSecret kept, byte[] sealed) {
    try {
      return keyring.open(taskId, kept.sealed()).equals(keyring.open(taskId, sealed));
    } catch (UnreadableSecretException unreadable) {
      return false;
    }
  }

  private List<Secret> signing(Callback callback, List<CallbackSecret> kept, Instant now) {
    var secrets = new ArrayList<Secret>();
    for (CallbackSecret secret : kept) {
      if (secret.isValid(now)) {
        add(secrets, callback, secret);
      }
    }
    if (secrets.isEmpty() || callback.sharedUntil().filter(now::isBefore).isPresent()) {
      secrets.addAll(keyring.shared());
    }
    if (secrets.isEmpty()) {
      throw new UnreadableSecretException(
          callback.id(), "it has none of its own, and arctic.callback.secrets is empty", null);
    }
    return secrets;
  }

  /// A replaced secret that cannot be decrypted any more is left out.
  private void add(List<Secret> secrets, Callback callback, CallbackSecret kept) {
    try {
      secrets.add(keyring.open(callback.id(), kept.sealed()));
    } catch (UnreadableSecretException unreadable) {
      if (kept.isCurrent()) {
        throw unreadable;
      }
    }
  }

  /// The newest first.
  private static Uni<List<CallbackSecret>> kept(Mutiny.Session session, UUID taskId) {
    return session
        .createSelectionQuery(
            "from CallbackSecret where callbackId = ?1 order by n desc", CallbackSecret.class)
        .setParameter(1, taskId)
        .getResultList();
  }
}
