package dev.arcticsynth.pipeline;

import dev.arcticsynth.pipeline.Disposal.Fate;
import dev.arcticsynth.provider.Provider;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/// Deletes some files at a provider, for a caller who waits: a provider that fails again and again
/// is not asked for the rest. Serves one call.
final class Removal {

  private static final Logger LOG = Logger.getLogger(Removal.class);
  private static final int SIDE_BY_SIDE = 4;
  private static final int BELIEVED_AFTER = 3;

  private final Provider provider;
  private final FilesWanted wanted;
  private final AtomicInteger failures = new AtomicInteger();

  Removal(Provider provider, FilesWanted wanted) {
    this.provider = provider;
    this.wanted = wanted;
  }

  /// What became of each, in the same order.
  Uni<List<Disposal>> of(List<AccountFile> files) {
    return Multi.createFrom()
        .iterable(files)
        .onItem()
        .transformToUni(this::of)
        .merge(SIDE_BY_SIDE)
        .collect()
        .asList()
        .map(disposals -> inOrder(files, disposals));
  }

  private Uni<Disposal> of(AccountFile file) {
    if (!wanted.has(file)) {
      return told(file, Fate.KEPT, why(file));
    }
    if (file.isInUse()) {
      return told(file, Fate.IN_USE, "A batch or a task that is not over needs it.");
    }
    return Uni.createFrom()
        .deferred(() ->
            failures.get() < BELIEVED_AFTER
                ? delete(file)
                : told(file, Fate.NOT_TRIED, "The provider failed with others before it."));
  }

  private String why(AccountFile file) {
    if (!wanted.others() && !file.isOurs()) {
      return "This deployment did not make it.";
    }
    return file.isOfBatches() ? "It is not old enough." : "It is not a file of batches.";
  }

  private Uni<Disposal> delete(AccountFile file) {
    return provider
        .delete(file.file().id())
        .invoke(() ->
            LOG.infof(
                "File deleted as a caller asked: provider=%s fileId=%s ours=%s",
                provider.name(), file.file().id(), file.isOurs()))
        .map(done -> new Disposal(file.file().id(), Fate.DELETED, ""))
        .onFailure()
        .recoverWithItem(failure -> {
          var _ = failures.incrementAndGet();
          return new Disposal(file.file().id(), Fate.FAILED, String.valueOf(failure.getMessage()));
        });
  }

  private static Uni<Disposal> told(AccountFile file, Fate fate, String detail) {
    return Uni.createFrom().item(new Disposal(file.file().id(), fate, detail));
  }

  private static List<Disposal> inOrder(List<AccountFile> files, List<Disposal> disposals) {
    Map<String, Disposal> byId = new HashMap<>();
    disposals.forEach(disposal -> byId.put(disposal.fileId(), disposal));
    return files.stream().map(file -> byId.get(file.file().id())).toList();
  }
}
