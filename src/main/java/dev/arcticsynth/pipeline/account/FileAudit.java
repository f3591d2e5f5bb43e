package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.pipeline.batch.SubmissionFactory;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.task.BatchAttempts;
import dev.arcticsynth.task.BatchTag;
import dev.arcticsynth.task.KnownBatchAttempt;
import dev.arcticsynth.task.KnownBatchAttempt.Phase;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.Abandoned;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.audit.AuditFinding;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jboss.logging.Logger;

/// Scans the uploaded files of an account, page by page, for those of ours that nothing needs.
@ApplicationScoped
class FileAudit {

  private static final Logger LOG = Logger.getLogger(FileAudit.class);

  /// Files that are remembered to be deleted; should there be more, they are found again.
  private static final int AT_ONCE = 10_000;

  private final BatchAttempts batchAttempts;
  private final PartitionRepository partitions;
  private final SubmissionFactory submissionFactory;
  private final AuditReporter auditReporter;
  private final AuditConfig config;
  private final InstantSource clock;

  FileAudit(
      BatchAttempts batchAttempts,
      PartitionRepository partitions,
      SubmissionFactory submissionFactory,
      AuditReporter auditReporter,
      AuditConfig config,
      InstantSource clock) {
    this.batchAttempts = batchAttempts;
    this.partitions = partitions;
    this.submissionFactory = submissionFactory;
    this.auditReporter = auditReporter;
    this.config = config;
    this.clock = clock;
  }

  /// Deletes orphan files, after a grace period; one that cannot be deleted is retried at the next
  /// audit.
  Uni<Void> check(Claim account, Provider provider, Set<String> inUse) {
    var old = clock.instant().minus(config.grace());
    return find(
            account,
            provider,
            (file, known) ->
                !inUse.contains(file.id())
                    && file.createdAt().filter(at -> at.isBefore(old)).isPresent()
                    && isLeftBehind(file, known))
        .chain(left -> each(left, ours -> delete(provider, ours).onFailure().recoverWithNull()));
  }

  /// After a fail-over: deletes the files of attempts that may be forgotten, so that no create that
  /// was sent for them can succeed. Fails where one cannot be deleted. Ends with the number of the
  /// deleted.
  Uni<Integer> fence(Claim account, Provider provider, Set<String> inUse) {
    return find(
            account,
            provider,
            (file, known) -> !inUse.contains(file.id()) && mayBeForgotten(file, known))
        .call(left -> each(left, ours -> giveUp(account, ours).chain(() -> delete(provider, ours))))
        .chain(left ->
            left.size() < AT_ONCE
                ? Uni.createFrom().item(left.size())
                : fence(account, provider, inUse).map(more -> left.size() + more));
  }

  /// The file of a live batch attempt may be needed; that of an attempt that is over is kept for a
  /// while, and deleted with its answers.
  private static boolean isLeftBehind(ListedFile file, KnownBatchAttempt known) {
    boolean isOnRecord = known.fileId().filter(file.id()::equals).isPresent();
    if (isOnRecord) {
      return known.isCleaned();
    }
    boolean isOnItsWay = known.is(Phase.INTENT) && known.fileId().isEmpty();
    return !isOnItsWay;
  }

  /// What is on record with a create, or over, is left to the submit protocol.
  private static boolean mayBeForgotten(ListedFile file, KnownBatchAttempt known) {
    boolean isOnRecord = known.fileId().filter(file.id()::equals).isPresent();
    return !isOnRecord || known.is(Phase.INTENT);
  }

  /// Nothing is deleted while the list is read: the next page begins behind the last file of this
  /// one.
  private Uni<List<Ours>> find(
      Claim account, Provider provider, BiPredicate<ListedFile, KnownBatchAttempt> unneeded) {
    return submissionFactory
        .deployment()
        .chain(deployment ->
            provider
                .files()
                .map(page -> ours(page, deployment))
                .onItem()
                .transformToUniAndConcatenate(page -> unneeded(account, page, unneeded))
                .onItem()
                .<Ours>disjoint()
                .select()
                .first(AT_ONCE)
                .collect()
                .asList());
  }

  private Uni<List<Ours>> unneeded(
      Claim account, List<Ours> page, BiPredicate<ListedFile, KnownBatchAttempt> unneeded) {
    return batchAttempts
        .known(account, page.stream().map(Ours::tag).toList())
        .map(known ->
            page.stream()
                .filter(ours ->
                    unneeded.test(
                        ours.file(), Optional.ofNullable(known.get(ours.tag())).orElseThrow()))
                .toList());
  }

  private static List<Ours> ours(List<ListedFile> page, String deployment) {
    return page.stream()
        .flatMap(
            file -> BatchTag.parse(file.tag()).map(batchTag -> new Ours(batchTag, file)).stream())
        .filter(ours -> ours.tag().deployment().equals(deployment))
        .toList();
  }

  private static Uni<Void> each(List<Ours> files, Function<Ours, Uni<Void>> remove) {
    return Multi.createFrom()
        .iterable(files)
        .onItem()
        .transformToUniAndConcatenate(ours -> remove.apply(ours))
        .onItem()
        .ignoreAsUni();
  }

  /// An upload that waits for its create loses its file, and is made again.
  private Uni<Void> giveUp(Claim account, Ours ours) {
    return partitions
        .amend(account, ours.tag().partition(), partition -> abandoned(partition, ours))
        .replaceWithVoid();
  }

  private static Optional<PartitionEvent> abandoned(Partition partition, Ours ours) {
    return partition.isHolding(ours.file().id())
        ? Optional.of(new Abandoned("Its file may have been used before a fail-over."))
        : Optional.empty();
  }

  private Uni<Void> delete(Provider provider, Ours ours) {
    return provider
        .delete(ours.file().id())
        .onFailure()
        .invoke(failure ->
            LOG.warnf(
                "File not deleted: provider=%s fileId=%s reason=%s",
                provider.name(), ours.file().id(), failure.getMessage()))
        .chain(() ->
            auditReporter.report(
                new AuditFinding(
                    provider.name(),
                    AuditFinding.Kind.ORPHAN_FILE,
                    ours.file().id(),
                    ours.tag(),
                    "created=" + ours.file().createdAt().map(Object::toString).orElse("unknown"))));
  }

  /// A file with our tag.
  private record Ours(BatchTag tag, ListedFile file) {}
}
