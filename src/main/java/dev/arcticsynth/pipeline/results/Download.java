package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.pipeline.lines.PartitionRequests;
import dev.arcticsynth.pipeline.lines.WireId;
import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.pipeline.retry.FailurePolicy;
import dev.arcticsynth.pipeline.retry.FlowConfig;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent.DownloadFailed;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Fetches what a batch answered, however it ended, and makes it the partition's results.
///
/// The files are staged on disk, checked as a whole, and only then published in one transaction. A
/// transfer that is short of what the provider counts is fetched again, a bounded number of times;
/// the same remote files, never a new batch. After that, what is provable counts and the rest is
/// missing.
@ApplicationScoped
public class Download {

  private static final Logger LOG = Logger.getLogger(Download.class);

  private final PartitionRepository partitions;
  private final PartitionRequests requests;
  private final Publish publish;
  private final Staging staging;
  private final FailurePolicy failurePolicy;
  private final Backoff backoff;
  private final FlowConfig config;
  private final Vertx vertx;

  Download(
      PartitionRepository partitions,
      PartitionRequests requests,
      Publish publish,
      Staging staging,
      FailurePolicy failurePolicy,
      Backoff backoff,
      FlowConfig config,
      Vertx vertx) {
    this.partitions = partitions;
    this.requests = requests;
    this.publish = publish;
    this.staging = staging;
    this.failurePolicy = failurePolicy;
    this.backoff = backoff;
    this.config = config;
    this.vertx = vertx;
  }

  /// A partition that is `ENDED`.
  public Uni<Partition> run(Claim claim, Task task, Partition partition, Provider provider) {
    boolean lastTry = partition.downloads() + 1 >= config.maxDownloads();
    return staging.with(folder ->
        fetch(partition, provider, folder, lastTry)
            .chain(files -> settle(claim, task, partition, files, lastTry))
            .onFailure(ProviderException.class)
            .recoverWithUni(failure -> again(claim, partition, (ProviderException) failure)));
  }

  private Uni<List<Path>> fetch(
      Partition partition, Provider provider, Path folder, boolean lastTry) {
    return Multi.createFrom()
        .iterable(partition.answerFiles())
        .onItem()
        .transformToUniAndConcatenate(fileId -> {
          Uni<Path> staged = staging.write(folder, provider.download(fileId));
          // After so many fetches the absent lines are missing; the lines before the cut count.
          return lastTry
              ? staged
                  .onFailure(Download::isOfTheFile)
                  .recoverWithItem(() -> staging.newest(folder))
              : staged;
        })
        .collect()
        .asList();
  }

  private Uni<Partition> settle(
      Claim claim, Task task, Partition partition, List<Path> files, boolean lastTry) {
    return requests
        .locate(partition)
        .chain(located ->
            vertx
                .executeBlocking(
                    () ->
                        AnswerIndex.read(
                            located, new WireId(partition.id(), partition.ordinal()), files),
                    false)
                .chain(answerIndex ->
                    shortfall(partition, answerIndex)
                        .filter(reason -> !lastTry)
                        .map(reason -> again(claim, partition, reason))
                        .orElseGet(() ->
                            publish
                                .run(task, partition, located, answerIndex)
                                .chain(done -> partitions.conclude(claim, done)))
                        .eventually(answerIndex::close)));
  }

  /// Why these files cannot be all there is.
  private static Optional<String> shortfall(Partition partition, AnswerIndex answerIndex) {
    answerIndex
        .oddities()
        .ifPresent(odd -> LOG.warnf("Odd lines left out: partitionId=%s %s", partition.id(), odd));
    if (answerIndex.isCut()) {
      return Optional.of("A file of answers ends in the middle of a line.");
    }
    int expected = partition.answersExpected().orElse(0);
    // Lines of other batches are not what was counted: the wrong file may have come.
    return answerIndex.placed() < expected
        ? Optional.of(
            "The provider counts %d answers, the files hold %d of this batch."
                .formatted(expected, answerIndex.placed()))
        : Optional.empty();
  }

  /// Failures that mean nothing for the answers: they are paid for, and remain available at the
  /// provider.
  private static boolean isOfTheAccount(ProviderException failure) {
    return switch (failure.kind()) {
      case THROTTLED, DENIED, EXHAUSTED -> true;
      case TRANSIENT, REJECTED, NOT_FOUND, UNKNOWN -> false;
    };
  }

  private static boolean isOfTheFile(Throwable failure) {
    return failure instanceof ProviderException known && !isOfTheAccount(known);
  }

  private Uni<Partition> again(Claim claim, Partition partition, ProviderException failure) {
    return isOfTheAccount(failure)
        ? partitions.conclude(claim, failurePolicy.whileWaiting(partition, failure))
        : again(claim, partition, String.valueOf(failure.getMessage()));
  }

  private Uni<Partition> again(Claim claim, Partition partition, String reason) {
    return partitions.conclude(
        claim, new DownloadFailed(reason, backoff.afterFailure(partition.downloads())));
  }
}
