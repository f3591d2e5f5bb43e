package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.pipeline.batch.SubmissionFactory;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.task.BatchAttempts;
import dev.arcticsynth.task.BatchTag;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent.Recovered;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.audit.AuditFinding;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/// Scans the batches of an account, page by page, for those of ours that should not exist.
@ApplicationScoped
class BatchAudit {

  private static final Logger LOG = Logger.getLogger(BatchAudit.class);

  /// A batch that is older is over.
  private static final Duration REACH = Duration.ofDays(30);

  private final BatchAttempts batchAttempts;
  private final PartitionRepository partitions;
  private final SubmissionFactory submissionFactory;
  private final AuditReporter auditReporter;
  private final InstantSource clock;

  BatchAudit(
      BatchAttempts batchAttempts,
      PartitionRepository partitions,
      SubmissionFactory submissionFactory,
      AuditReporter auditReporter,
      InstantSource clock) {
    this.batchAttempts = batchAttempts;
    this.partitions = partitions;
    this.submissionFactory = submissionFactory;
    this.auditReporter = auditReporter;
    this.clock = clock;
  }

  /// Ends with the files that live batches use without our rows saying so.
  ///
  /// @param afterFailOver the database may have forgotten batches that are right
  Uni<Set<String>> check(Claim account, Provider provider, boolean afterFailOver) {
    Set<String> inUse = new HashSet<>();
    return submissionFactory
        .deployment()
        .chain(deployment ->
            provider
                .batches(clock.instant().minus(REACH))
                .onItem()
                .transformToUniAndConcatenate(
                    page -> check(account, provider, ours(page, deployment), afterFailOver, inUse))
                .onItem()
                .ignoreAsUni())
        .replaceWith(inUse);
  }

  /// Batches of others are skipped.
  private static List<Ours> ours(List<ListedBatch> page, String deployment) {
    return page.stream()
        .flatMap(batch ->
            BatchTag.parse(batch.tag()).map(batchTag -> new Ours(batchTag, batch)).stream())
        .filter(ours -> ours.tag().deployment().equals(deployment))
        .toList();
  }

  private Uni<Void> check(
      Claim account, Provider provider, List<Ours> page, boolean afterFailOver, Set<String> inUse) {
    return batchAttempts
        .known(account, page.stream().map(Ours::tag).toList())
        .chain(known ->
            Multi.createFrom()
                .iterable(page)
                .onItem()
                .transformToUniAndConcatenate(ours -> {
                  var verdict =
                      BatchVerdict.of(
                          ours.batch(),
                          ours.tag(),
                          Optional.ofNullable(known.get(ours.tag())).orElseThrow(),
                          provider.name(),
                          afterFailOver);
                  if (verdict != BatchVerdict.RIGHT && ours.batch().isLive()) {
                    inUse.add(ours.batch().fileId());
                  }
                  return act(verdict, account, provider, ours);
                })
                .onItem()
                .ignoreAsUni());
  }

  private Uni<Void> act(BatchVerdict verdict, Claim account, Provider provider, Ours ours) {
    return switch (verdict) {
      case RIGHT, UNDECIDED, OF_NO_CONCERN -> Uni.createFrom().voidItem();
      case FORGOTTEN -> recall(account, provider, ours);
      case LATE -> stop(provider, ours, AuditFinding.Kind.LATE_CREATE);
      case DOUBLE -> stop(provider, ours, AuditFinding.Kind.DOUBLE_BATCH);
      case ORPHAN -> stop(provider, ours, AuditFinding.Kind.ORPHAN_BATCH);
    };
  }

  private Uni<Void> recall(Claim account, Provider provider, Ours ours) {
    return partitions
        .amend(
            account,
            ours.tag().partition(),
            partition ->
                partition.mayHaveForgotten(ours.tag().batchAttempt())
                    ? Optional.of(recalled(partition, ours))
                    : Optional.empty())
        .chain(changed ->
            changed.isPresent()
                ? auditReporter.report(finding(provider, ours, AuditFinding.Kind.RECALLED_BATCH))
                : Uni.createFrom().voidItem());
  }

  private Recovered recalled(Partition partition, Ours ours) {
    ListedBatch batch = ours.batch();
    return new Recovered(
        partition.batchAttempt(),
        ours.tag().batchAttempt(),
        ours.tag().toString(),
        // Where a provider does not return the file, the batch is found by its tag.
        batch.fileId().isBlank() ? ours.tag().toString() : batch.fileId(),
        batch.createdAt().orElseGet(() -> clock.instant().minus(REACH)));
  }

  /// Recorded first, so that the finding is reported though the call fails. The cancel is retried
  /// at the next audit.
  private Uni<Void> stop(Provider provider, Ours ours, AuditFinding.Kind kind) {
    return auditReporter
        .report(finding(provider, ours, kind))
        .chain(() ->
            ours.batch().isLive()
                ? provider
                    .cancel(ours.batch().id())
                    .onFailure()
                    .invoke(failure ->
                        LOG.warnf(
                            "Batch not cancelled, retried at the next audit: provider=%s batchId=%s reason=%s",
                            provider.name(), ours.batch().id(), failure.getMessage()))
                    .onFailure()
                    .recoverWithNull()
                : Uni.createFrom().voidItem());
  }

  private static AuditFinding finding(Provider provider, Ours ours, AuditFinding.Kind kind) {
    return new AuditFinding(
        provider.name(),
        kind,
        ours.batch().id(),
        ours.tag(),
        "status=%s fileId=%s".formatted(ours.batch().status().word(), ours.batch().fileId()));
  }

  /// A batch with our tag.
  private record Ours(BatchTag tag, ListedBatch batch) {}
}
