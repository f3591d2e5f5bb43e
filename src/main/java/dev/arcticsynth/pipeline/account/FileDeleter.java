package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.pipeline.account.AccountFile.FileFilter;
import dev.arcticsynth.provider.Provider;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/// Deletes some files at a provider, for a caller that waits: stops after repeated failures of the
/// provider. Serves one call.
public final class FileDeleter {

  private static final Logger LOG = Logger.getLogger(FileDeleter.class);
  private static final int SIDE_BY_SIDE = 4;
  private static final int BELIEVED_AFTER = 3;

  private final Provider provider;
  private final FileFilter wanted;
  private final AtomicInteger failures = new AtomicInteger();

  FileDeleter(Provider provider, FileFilter wanted) {
    this.provider = provider;
    this.wanted = wanted;
  }

  /// The outcome for one file.
  ///
  /// @param detail why it is still there; empty where it is not
  public record DeletionResult(String fileId, Status status, String detail) {}

  /// Whether a file was deleted, and if not, why.
  public enum Status {
    /// It is gone, since this call or since a moment before it.
    DELETED,

    /// The provider knows no such file: it is gone already, or never was there.
    NOT_FOUND,

    /// Something needs it.
    IN_USE,

    /// It is not one of those that were asked for: not ours, too young, not of batches.
    KEPT,

    /// The provider did not do it, or it is unknown whether it did.
    FAILED,

    /// The provider failed with others before.
    NOT_TRIED
  }

  /// The outcome of each, in the same order.
  Uni<List<DeletionResult>> of(List<AccountFile> files) {
    return Multi.createFrom()
        .iterable(files)
        .onItem()
        .transformToUni(this::of)
        .merge(SIDE_BY_SIDE)
        .collect()
        .asList()
        .map(results -> inOrder(files, results));
  }

  private Uni<DeletionResult> of(AccountFile file) {
    if (!wanted.matches(file)) {
      return result(file, Status.KEPT, why(file));
    }
    if (file.isInUse()) {
      return result(file, Status.IN_USE, "A batch or a task that is not over needs it.");
    }
    return Uni.createFrom()
        .deferred(() ->
            failures.get() < BELIEVED_AFTER
                ? delete(file)
                : result(file, Status.NOT_TRIED, "The provider failed with others before it."));
  }

  private String why(AccountFile file) {
    if (!wanted.others() && !file.isOurs()) {
      return "This deployment did not make it.";
    }
    return file.isOfBatches() ? "It is not old enough." : "It is not a file of batches.";
  }

  private Uni<DeletionResult> delete(AccountFile file) {
    return provider
        .delete(file.file().id())
        .invoke(() ->
            LOG.infof(
                "File deleted as a caller asked: provider=%s fileId=%s ours=%s",
                provider.name(), file.file().id(), file.isOurs()))
        .map(done -> new DeletionResult(file.file().id(), Status.DELETED, ""))
        .onFailure()
        .recoverWithItem(failure -> {
          var _ = failures.incrementAndGet();
          return new DeletionResult(
              file.file().id(), Status.FAILED, String.valueOf(failure.getMessage()));
        });
  }

  private static Uni<DeletionResult> result(AccountFile file, Status status, String detail) {
    return Uni.createFrom().item(new DeletionResult(file.file().id(), status, detail));
  }

  private static List<DeletionResult> inOrder(
      List<AccountFile> files, List<DeletionResult> results) {
    Map<String, DeletionResult> byId = new HashMap<>();
    results.forEach(result -> byId.put(result.fileId(), result));
    return files.stream().map(file -> byId.get(file.file().id())).toList();
  }
}
