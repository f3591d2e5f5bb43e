package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.pipeline.lines.PartitionRequests;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.pipeline.lines.RequestIds;
import dev.arcticsynth.pipeline.results.DownloadVerdict.Again;
import dev.arcticsynth.pipeline.results.DownloadVerdict.Taken;
import dev.arcticsynth.pipeline.results.DownloadVerdict.Unread;
import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.pipeline.retry.FailurePolicy;
import dev.arcticsynth.pipeline.retry.FlowConfig;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.Deferred;
import dev.arcticsynth.task.PartitionEvent.DownloadFailed;
import dev.arcticsynth.task.PartitionEvent.Unreadable;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.WaitReason;
import dev.arcticsynth.task.lease.Claim;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Fetches what a batch answered, however it ended, and makes it the partition's results.
///
/// The files are staged on disk, checked as a whole, and only then published in one transaction. A
/// transfer that is short of what the provider counts is fetched again, until it comes a second
/// time byte for byte or a bounded number of times; the same remote files, never a new batch. After
/// that, what is provable counts and the rest is missing. Where none of the answers can be used the
/// partition fails instead, since what is paid for must not be asked again.
@ApplicationScoped
public class Download {

  private static final Logger LOG = Logger.getLogger(Download.class);

  private final PartitionRepository partitions;
  private final PartitionRequests requests;
  private final Publish publish;
  private final Staging staging;
  private final KeptTransfers kept;
  private final FailurePolicy failurePolicy;
  private final Backoff backoff;
  private final FlowConfig config;
  private final Vertx vertx;

  Download(
      PartitionRepository partitions,
      PartitionRequests requests,
      Publish publish,
      Staging staging,
      KeptTransfers kept,
      FailurePolicy failurePolicy,
      Backoff backoff,
      FlowConfig config,
      Vertx vertx) {
    this.partitions = partitions;
    this.requests = requests;
    this.publish = publish;
    this.staging = staging;
    this.kept = kept;
    this.failurePolicy = failurePolicy;
    this.backoff = backoff;
    this.config = config;
    this.vertx = vertx;
  }

  /// A partition that is `ENDED`.
  public Uni<Partition> run(Claim claim, Task task, Partition partition, Provider provider) {
    return staging
        .with(folder ->
            fetch(partition, provider, folder, partition.answerFiles(), List.of())
                .chain(transfers -> settle(claim, task, partition, transfers)))
        // Of this machine, and no attempt at the files.
        .onFailure(StagingFullException.class)
        .recoverWithUni(full ->
            partitions.conclude(
                claim,
                new Deferred(WaitReason.RETRY, String.valueOf(full.getMessage()), backoff.soon())));
  }

  /// Each file by itself: one that fails does not make the others be fetched again.
  private Uni<List<Transfer>> fetch(
      Partition partition,
      Provider provider,
      Path folder,
      List<String> files,
      List<Transfer> done) {
    if (files.isEmpty() || done.stream().anyMatch(Transfer::isRefusedToTheAccount)) {
      return Uni.createFrom().item(done);
    }
    return fetch(partition, provider, folder, files.getFirst())
        .map(transfer -> Stream.concat(done.stream(), Stream.of(transfer)).toList())
        .chain(sofar -> fetch(partition, provider, folder, files.subList(1, files.size()), sofar));
  }

  private Uni<Transfer> fetch(Partition partition, Provider provider, Path folder, String fileId) {
    return kept.take(partition, fileId, folder)
        .chain(path ->
            path.map(whole -> Uni.createFrom().item(Transfer.whole(fileId, whole, "")))
                .orElseGet(() -> fetch(provider, folder, fileId)))
        .onFailure(ProviderException.class)
        .recoverWithItem(
            failure -> Transfer.cut(fileId, staging.newest(folder), (ProviderException) failure));
  }

  private Uni<Transfer> fetch(Provider provider, Path folder, String fileId) {
    var label = new AtomicReference<>("");
    return staging
        .write(folder, provider.download(fileId, label::set))
        .map(path -> Transfer.whole(fileId, path, Objects.requireNonNull(label.get())));
  }

  private Uni<Partition> settle(
      Claim claim, Task task, Partition partition, List<Transfer> transfers) {
    boolean lastTry = partition.downloads() + 1 >= config.maxDownloads();
    Optional<Transfer> failed = transfers.stream().filter(one -> !one.isWhole()).findFirst();
    if (failed.isPresent() && (!lastTry || failed.get().isRefusedToTheAccount())) {
      return kept.keep(partition, transfers)
          .chain(() -> partitions.conclude(claim, failure(partition, failed.get())));
    }
    return requests
        .locate(partition)
        .chain(located ->
            requests
                .names(partition, located)
                .chain(ids ->
                    vertx.executeBlocking(
                        () -> judge(partition, located, ids, transfers, lastTry), false))
                .chain(judged ->
                    conclude(claim, task, partition, located, judged)
                        .eventually(judged.answerIndex()::close)));
  }

  private PartitionEvent failure(Partition partition, Transfer failed) {
    return failed.isRefusedToTheAccount()
        ? failurePolicy.whileWaiting(partition, failed.failure().orElseThrow())
        : new DownloadFailed(failed.reason(), backoff.afterFailure(partition.downloads()));
  }

  /// @param answerIndex to be closed
  private record Judged(AnswerIndex answerIndex, DownloadVerdict verdict) {}

  private Judged judge(
      Partition partition,
      Located located,
      RequestIds ids,
      List<Transfer> transfers,
      boolean lastTry)
      throws IOException {
    var answerIndex =
        AnswerIndex.read(located, ids, transfers.stream().map(Transfer::path).toList());
    try {
      answerIndex
          .oddities()
          .ifPresent(
              odd -> LOG.warnf("Odd lines left out: partitionId=%s %s", partition.id(), odd));
      return new Judged(
          answerIndex, DownloadVerdict.of(partition, transfers, answerIndex, lastTry, backoff));
    } catch (IOException | RuntimeException e) {
      answerIndex.close();
      throw e;
    }
  }

  private Uni<Partition> conclude(
      Claim claim, Task task, Partition partition, Located located, Judged judged) {
    return switch (judged.verdict()) {
      case Taken(Optional<String> because) -> {
        because.ifPresent(judged.answerIndex()::missing);
        yield publish
            .run(task, partition, located, judged.answerIndex())
            .chain(done -> partitions.conclude(claim, done));
      }
      case Again(String reason, Optional<String> digest, boolean isUseful) -> {
        Instant retryAt =
            isUseful && digest.isPresent()
                ? backoff.afterWholeTransfer()
                : backoff.afterFailure(partition.downloads());
        yield partitions.conclude(claim, new DownloadFailed(reason, retryAt, digest.orElse(null)));
      }
      case Unread(String reason) -> partitions.conclude(claim, new Unreadable(reason));
    };
  }
}
