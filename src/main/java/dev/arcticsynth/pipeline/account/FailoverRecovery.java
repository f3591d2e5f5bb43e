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

/// Finds at a provider what the database lost in a fail-over, before new work of the provider
/// begins (`docs/RELIABILITY.md#fail-over`).
///
/// Batches of lost attempts are adopted. Files of such attempts are deleted, so that a create that
/// is still on its way fails; then the provider's lists get time to settle, and are scanned once
/// more. If a process dies in between, another one repeats the scan, which is idempotent.
@ApplicationScoped
class FailoverRecovery {

  private static final Logger LOG = Logger.getLogger(FailoverRecovery.class);

  /// A list of files may lag too, and still show deleted ones.
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

  /// A claimed account that was not scanned under the timeline that the database writes.
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

  /// A lost partition is cut again first, so that its batch can be matched. A task that cannot be
  /// cut delays the others for a limited time.
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
                "Scan after a fail-over complete, work resumes: provider=%s timeline=%s",
                provider.name(), claim.timeline()));
  }
}
