package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.pipeline.account.AccountFile.FileFilter;
import dev.arcticsynth.pipeline.account.FileDeleter.DeletionResult;
import dev.arcticsynth.pipeline.account.FileDeleter.Status;
import dev.arcticsynth.pipeline.batch.SubmissionFactory;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.FilePage;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.task.BatchTag;
import dev.arcticsynth.task.audit.FileRecords;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lists and deletes the files that a provider stores.
///
/// A page of the answer is made of whole pages of the provider, so that no order of them is relied
/// on. What is deleted is what was listed just before: a file that appears meanwhile is not in it.
@ApplicationScoped
public class RemoteFiles {

  /// A batch that is older is over.
  private static final Duration REACH = Duration.ofDays(30);

  /// Pages of the provider in which one call looks for files that are wanted.
  private static final int PATIENCE = 10;

  private final FileRecords records;
  private final SubmissionFactory submissionFactory;
  private final InstantSource clock;

  RemoteFiles(FileRecords records, SubmissionFactory submissionFactory, InstantSource clock) {
    this.records = records;
    this.submissionFactory = submissionFactory;
    this.clock = clock;
  }

  /// @param next where the next page begins; empty on the last page
  public record Listing(List<AccountFile> files, Optional<String> next) {
    public Listing {
      files = List.copyOf(files);
    }
  }

  /// @param isAll there is nothing more to look at
  /// @param next where the next page begins; empty where that is the beginning
  public record Deletion(List<DeletionResult> results, boolean isAll, Optional<String> next) {
    public Deletion {
      results = List.copyOf(results);
    }
  }

  /// A page of the files that are wanted; it may be empty and yet not the last.
  ///
  /// @param after the [Listing#next] of the page before
  public Uni<Listing> list(
      Provider provider, FileFilter wanted, Optional<String> after, int limit) {
    return batchFiles(provider)
        .chain(batches -> look(new Look(provider, wanted, batches, limit), after, PATIENCE));
  }

  /// Deletes a page of the files that are wanted, except those that something needs.
  ///
  /// The next page begins where this one did as long as it deleted anything, since a place in the
  /// list is named by a file, and that file may be gone.
  public Uni<Deletion> delete(
      Provider provider, FileFilter wanted, Optional<String> after, int limit) {
    return list(provider, wanted, after, limit)
        .chain(listed ->
            new FileDeleter(provider, wanted)
                .of(listed.files())
                .map(results -> {
                  boolean any =
                      results.stream().anyMatch(result -> result.status() == Status.DELETED);
                  return new Deletion(
                      results, listed.next().isEmpty(), any ? after : listed.next());
                }));
  }

  /// Deletes these files as far as they are wanted and nothing needs them.
  public Uni<Deletion> delete(Provider provider, FileFilter wanted, List<String> fileIds) {
    return batchFiles(provider)
        .chain(batches ->
            Multi.createFrom()
                .iterable(fileIds)
                .onItem()
                .transformToUniAndConcatenate(id -> provider.file(id))
                .collect()
                .asList()
                .chain(found ->
                    known(provider, batches, found.stream().flatMap(Optional::stream).toList())))
        .chain(files -> new FileDeleter(provider, wanted).of(files))
        .map(results -> new Deletion(withMissing(fileIds, results), true, Optional.empty()));
  }

  private static List<DeletionResult> withMissing(
      List<String> fileIds, List<DeletionResult> results) {
    Map<String, DeletionResult> byId = new HashMap<>();
    results.forEach(result -> byId.put(result.fileId(), result));
    return fileIds.stream()
        .map(id ->
            byId.getOrDefault(
                id, new DeletionResult(id, Status.NOT_FOUND, "The provider has no such file.")))
        .toList();
  }

  /// What one call looks for.
  private record Look(Provider provider, FileFilter wanted, BatchFiles batches, int limit) {}

  private Uni<Listing> look(Look look, Optional<String> after, int pages) {
    return look.provider()
        .storage(after, look.limit())
        .chain(page ->
            known(look.provider(), look.batches(), page.files())
                .map(files -> files.stream().filter(look.wanted()::matches).toList())
                .chain(files -> found(look, files, page, pages)));
  }

  private Uni<Listing> found(Look look, List<AccountFile> files, FilePage page, int pages) {
    return files.isEmpty() && page.next().isPresent() && pages > 1
        ? look(look, page.next(), pages - 1)
        : Uni.createFrom().item(new Listing(files, page.next()));
  }

  private Uni<BatchFiles> batchFiles(Provider provider) {
    return submissionFactory
        .deployment()
        .chain(deployment -> BatchFiles.of(provider, deployment, clock.instant().minus(REACH)));
  }

  private Uni<List<AccountFile>> known(
      Provider provider, BatchFiles batches, List<ListedFile> files) {
    return submissionFactory
        .deployment()
        .chain(deployment -> {
          Map<String, BatchTag> tags = tags(files, deployment, batches);
          return records
              .of(provider.name(), files.stream().map(ListedFile::id).toList(), tags)
              .map(known ->
                  files.stream()
                      .map(file -> {
                        var record = Optional.ofNullable(known.get(file.id()));
                        return new AccountFile(
                            file,
                            record.map(FileRecords.FileRecord::task),
                            record.isPresent() || tags.containsKey(file.id()),
                            record.filter(FileRecords.FileRecord::isNeeded).isPresent()
                                || batches.isInUse(file.id())
                                || batches.isFull() && !tags.containsKey(file.id()));
                      })
                      .toList());
        });
  }

  /// What was sent has its tag in its name; whose answers a file holds is said by its batch, also
  /// before they are in our rows.
  private static Map<String, BatchTag> tags(
      List<ListedFile> files, String deployment, BatchFiles batches) {
    Map<String, BatchTag> tags = new HashMap<>();
    files.forEach(
        file -> batches.attemptOf(file.id()).ifPresent(batchTag -> tags.put(file.id(), batchTag)));
    files.forEach(file ->
        BatchTag.parse(file.tag())
            .filter(batchTag -> batchTag.deployment().equals(deployment))
            .ifPresent(batchTag -> tags.put(file.id(), batchTag)));
    return tags;
  }
}
