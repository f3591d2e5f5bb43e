package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.task.audit.AccountRepository;
import dev.arcticsynth.task.audit.AuditFinding;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Locale;
import org.jboss.logging.Logger;

/// Reports findings of audits: as a row, in the log, and as a metric; each once.
@ApplicationScoped
class AuditReporter {

  private static final Logger LOG = Logger.getLogger(AuditReporter.class);

  private final AccountRepository accountRepository;
  private final MeterRegistry meters;
  private final InstantSource clock;

  AuditReporter(AccountRepository accountRepository, MeterRegistry meters, InstantSource clock) {
    this.accountRepository = accountRepository;
    this.meters = meters;
    this.clock = clock;
  }

  Uni<Void> report(AuditFinding auditFinding) {
    return accountRepository
        .note(auditFinding, clock.instant())
        .invoke(isNew -> {
          if (isNew) {
            tell(auditFinding);
          }
        })
        .replaceWithVoid();
  }

  private void tell(AuditFinding auditFinding) {
    String kind = auditFinding.kind().name().toLowerCase(Locale.ROOT);
    LOG.logf(
        auditFinding.kind().isAlarm() ? Logger.Level.ERROR : Logger.Level.INFO,
        "Audit found: kind=%s provider=%s remoteId=%s tag=%s %s",
        kind,
        auditFinding.provider(),
        auditFinding.remoteId(),
        auditFinding.tag(),
        auditFinding.detail());
    meters
        .counter("arctic.audit.findings", "provider", auditFinding.provider(), "kind", kind)
        .increment();
  }
}
