package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.audit.AccountRepository;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/// Compares what a provider holds of ours with our records (`docs/RELIABILITY.md#audit`): batches
/// that should not be are cancelled, files that nothing needs are deleted. All of it is idempotent
/// and may run concurrently.
@ApplicationScoped
public class Audit {

  private static final Logger LOG = Logger.getLogger(Audit.class);

  private final AccountRepository accountRepository;
  private final Providers providers;
  private final FailoverRecovery failoverRecovery;
  private final BatchAudit batches;
  private final FileAudit files;
  private final Retention retention;
  private final Backoff backoff;
  private final AuditConfig config;
  private final InstantSource clock;

  Audit(
      AccountRepository accountRepository,
      Providers providers,
      FailoverRecovery failoverRecovery,
      BatchAudit batches,
      FileAudit files,
      Retention retention,
      Backoff backoff,
      AuditConfig config,
      InstantSource clock) {
    this.accountRepository = accountRepository;
    this.providers = providers;
    this.failoverRecovery = failoverRecovery;
    this.batches = batches;
    this.files = files;
    this.retention = retention;
    this.backoff = backoff;
    this.config = config;
    this.clock = clock;
  }

  /// A claimed account.
  public Uni<Void> run(Claim claim) {
    return accountRepository
        .claimed(claim)
        .chain(account -> {
          Provider provider = providers.find(account.provider()).orElseThrow();
          return account.isOpen()
              ? look(claim, provider)
              : failoverRecovery
                  .run(claim, account, provider)
                  .onFailure(ProviderException.class)
                  .recoverWithUni(failure -> recallLater(claim, provider, failure));
        });
  }

  private Uni<Void> look(Claim claim, Provider provider) {
    return batches
        .check(claim, provider, false)
        .chain(inUse -> files.check(claim, provider, inUse))
        .chain(() -> retention.run(claim, provider))
        .chain(() -> accountRepository.later(claim, clock.instant().plus(config.every())))
        .onFailure(ProviderException.class)
        .recoverWithUni(failure -> {
          LOG.warnf(
              "Audit failed, retried later: provider=%s reason=%s",
              provider.name(), failure.getMessage());
          return accountRepository.later(claim, backoff.parked());
        });
  }

  /// All work of the provider waits for this.
  private Uni<Void> recallLater(Claim claim, Provider provider, Throwable failure) {
    LOG.warnf(
        "Scan after a fail-over failed, retried soon: provider=%s reason=%s",
        provider.name(), failure.getMessage());
    return accountRepository.later(claim, backoff.soon());
  }
}
