package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.pipeline.retry.FailurePolicy;
import dev.arcticsynth.provider.FileStatus;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.Provider.RemoteFile;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.Abandoned;
import dev.arcticsynth.task.PartitionEvent.InputPending;
import dev.arcticsynth.task.PartitionEvent.Rejected;
import dev.arcticsynth.task.PartitionEvent.Uploaded;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/// Waits until a batch can be made of an uploaded file. Some providers read files before they
/// accept them; the wait is the row's due time, so it survives the process.
@ApplicationScoped
class InputReadiness {

  private static final PollPace PACE = new PollPace(Duration.ofSeconds(1), Duration.ofSeconds(15));

  /// About an hour of them; files are read within minutes.
  private static final int MAX_LOOKS = 240;

  /// How often in a row a known file may be missing: lists and replicas of a provider lag.
  private static final int MAX_MISSED = 5;

  private final FailurePolicy failurePolicy;
  private final Backoff backoff;

  InputReadiness(FailurePolicy failurePolicy, Backoff backoff) {
    this.failurePolicy = failurePolicy;
    this.backoff = backoff;
  }

  /// The state of an upload. A file with a hold is checked when the hold is released.
  PartitionEvent uploaded(Partition partition, RemoteFile file, boolean held) {
    return switch (file.status()) {
      case FileStatus.Ready _ -> new Uploaded(file.id(), held);
      case FileStatus.Pending _ when held -> new Uploaded(file.id(), true);
      case FileStatus.Pending(String word) ->
          new InputPending(file.id(), word, backoff.nextPoll(PACE, 0, false));
      case FileStatus.Unusable(String word) -> unusable(partition, word);
    };
  }

  /// Empty when a batch can be made of the file; else the event that records the wait, and
  /// [InputPending] while it continues.
  Uni<Optional<PartitionEvent>> look(Partition partition, Provider provider) {
    String fileId = partition.remoteFileId().orElseThrow();
    return provider
        .fileStatus(fileId)
        .map(status -> afterLook(partition, fileId, status))
        .onFailure(ProviderException.class)
        .recoverWithItem(failure ->
            Optional.of(
                isTooLong(partition)
                    ? tooLong()
                    : isGone(partition, (ProviderException) failure)
                        ? new Abandoned("The provider lost the file; it is uploaded again.")
                        : failurePolicy.whileWaiting(partition, (ProviderException) failure)));
  }

  private Optional<PartitionEvent> afterLook(
      Partition partition, String fileId, FileStatus status) {
    return switch (status) {
      case FileStatus.Ready _ -> Optional.empty();
      case FileStatus.Pending(String word) ->
          Optional.of(
              isTooLong(partition)
                  ? tooLong()
                  : new InputPending(
                      fileId, word, backoff.nextPoll(PACE, partition.polls(), false)));
      case FileStatus.Unusable(String word) -> Optional.of(unusable(partition, word));
    };
  }

  private static boolean isTooLong(Partition partition) {
    return partition.polls() >= MAX_LOOKS;
  }

  private static boolean isGone(Partition partition, ProviderException failure) {
    return failure.kind() == ProviderException.Kind.NOT_FOUND && partition.polls() >= MAX_MISSED;
  }

  /// Nothing is known to be wrong with the requests: a new file is uploaded.
  private static PartitionEvent tooLong() {
    return new Abandoned(
        "The provider has not read the file for about an hour; it is uploaded again.");
  }

  /// The first time it may be the provider's fault, and is retried; the second time a request is at
  /// fault.
  private PartitionEvent unusable(Partition partition, String word) {
    return new Rejected(
        "unusable_file",
        "The provider cannot use the file (%s).".formatted(word),
        backoff.afterFailure(partition.refusals()),
        true);
  }
}
