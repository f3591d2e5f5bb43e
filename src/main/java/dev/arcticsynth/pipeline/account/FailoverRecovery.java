package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.task.audit.AccountRepository;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/// Finds at a provider what a fail-over has made the database forget, before anything of the
/// provider is begun (`docs/RELIABILITY.md#fail-over`).
///
/// Batches of attempts that are forgotten are recalled. Files of such attempts are deleted, so that
/// a create which is still on its way does nothing; then the provider's lists get time to settle,
/// and are looked through once more. Whoever dies in between is followed by somebody who does it
/// again: nothing of it does harm twice.
@ApplicationScoped
class FailoverRecovery {

  private static final Logger LOG = Logger.getLogger(FailoverRecovery.class);

  /// A list of files may lag too, and go on showing what is deleted.
  private static final int MAX_FENCES = 3;

  private final AccountRepository accountRepository;
  private final BatchAudit batches;
  private final FileAudit files;
  private final Backoff backoff;
  private final AuditConfig config;
  private final InstantSource clock;

  FailoverRecovery(
      AccountRepository accountRepository,
      BatchAudit batches,
      FileAudit files,
      Backoff backoff,
      AuditConfig config,
      InstantSource clock) {
    this.accountRepository = accountRepository;
    this.batches = batches;
    this.files = files;
    this.backoff = backoff;
    this.config = config;
    this.clock = clock;
  }

  /// A claimed account that was not swept under the timeline that the database writes.
  Uni<Void> run(Claim claim, AccountRepository.Account account, Provider provider) {
    if (!account.isScanning()) {
      LOG.warnf(
          "The database writes another timeline, or the account is new; nothing is begun before what may be forgotten is"
              + " found: provider=%s timeline=%s",
          provider.name(), claim.timeline());
      return accountRepository
          .begun(claim, clock.instant())
          .chain(() -> fenceOnceCut(claim, provider, clock.instant()));
    }
    return account.fences() == 0
        ? fenceOnceCut(claim, provider, account.scanningSince().orElse(Instant.EPOCH))
        : settle(claim, account, provider);
  }

  /// A partition that is forgotten as a whole is cut again first, so that its batch is known for
  /// what it is. A task that cannot be cut holds up the others for so long and no longer.
  private Uni<Void> fenceOnceCut(Claim claim, Provider provider, Instant since) {
    return backoff.isSettledSince(since)
        ? fence(claim, provider)
        : accountRepository
            .areTasksDue(provider.name(), clock.instant())
            .chain(due ->
                due ? accountRepository.later(claim, backoff.soon()) : fence(claim, provider));
  }

  private Uni<Void> fence(Claim claim, Provider provider) {
    return batches
        .check(claim, provider, true)
        .chain(inUse -> files.fence(claim, provider, inUse))
        .chain(() -> accountRepository.fenced(claim, backoff.settled()));
  }

  private Uni<Void> settle(Claim claim, AccountRepository.Account account, Provider provider) {
    return batches
        .check(claim, provider, true)
        .chain(inUse -> files.fence(claim, provider, inUse))
        .chain(deleted ->
            deleted > 0 && account.fences() < MAX_FENCES
                ? accountRepository.fenced(claim, backoff.settled())
                : open(claim, provider));
  }

  private Uni<Void> open(Claim claim, Provider provider) {
    return accountRepository
        .swept(claim, clock.instant().plus(config.every()))
        .invoke(() ->
            LOG.infof(
                "Swept, work goes on: provider=%s timeline=%s", provider.name(), claim.timeline()));
  }
}
