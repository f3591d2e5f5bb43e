package dev.arcticsynth.pipeline;

import dev.arcticsynth.task.Audits;
import dev.arcticsynth.task.Finding;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Locale;
import org.jboss.logging.Logger;

/// Makes findings of audits known: on record, in the log, and as a metric; each once.
@ApplicationScoped
class Findings {

  private static final Logger LOG = Logger.getLogger(Findings.class);

  private final Audits audits;
  private final MeterRegistry meters;
  private final InstantSource clock;

  Findings(Audits audits, MeterRegistry meters, InstantSource clock) {
    this.audits = audits;
    this.meters = meters;
    this.clock = clock;
  }

  Uni<Void> report(Finding finding) {
    return audits
        .note(finding, clock.instant())
        .invoke(isNew -> {
          if (isNew) {
            tell(finding);
          }
        })
        .replaceWithVoid();
  }

  private void tell(Finding finding) {
    String kind = finding.kind().name().toLowerCase(Locale.ROOT);
    LOG.logf(
        finding.kind().isAlarm() ? Logger.Level.ERROR : Logger.Level.INFO,
        "Audit found: kind=%s provider=%s remoteId=%s tag=%s %s",
        kind,
        finding.provider(),
        finding.remoteId(),
        finding.tag(),
        finding.detail());
    meters
        .counter("arctic.audit.findings", "provider", finding.provider(), "kind", kind)
        .increment();
  }
}
