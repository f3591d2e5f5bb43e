package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.Provider.FilePage;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.Submission;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestResponse;

/// Reads an account's lists of batches and files.
final class OpenAiLists {

  /// The most batches that OpenAI gives in one page.
  static final int PAGE = 100;

  /// OpenAI would give 10,000; a page is held in memory.
  private static final int FILES_PAGE = 1_000;

  private final OpenAiApi api;
  private final Calls calls;
  private final Dialect dialect;

  OpenAiLists(OpenAiApi api, Calls calls, Dialect dialect) {
    this.api = api;
    this.dialect = dialect;
    this.calls = calls;
  }

  Uni<Optional<RemoteBatch>> find(Submission submission, String fileId, Instant since) {
    return Calls.onCallersContext(
        find(new BatchSearch(submission, fileId, since, dialect.sendsBareLists())));
  }

  Multi<List<ListedBatch>> batches(Instant since) {
    return pages(
            calls.repeatable("list of batches"),
            () -> new ListWalk(PAGE, Optional.of(since), dialect.sendsBareLists()),
            walk -> api.batches(PAGE, walk.after()))
        .map(page -> page.entries().stream().map(this::batch).toList());
  }

  Multi<List<ListedFile>> files() {
    return pages(
            calls.repeatable("list of files"),
            () -> new ListWalk(FILES_PAGE, Optional.empty(), dialect.sendsBareLists()),
            walk -> api.files(dialect.purpose(), FILES_PAGE, walk.after()))
        .map(page -> page.entries().stream().map(OpenAiLists::file).toList());
  }

  Uni<FilePage> storage(Optional<String> after, int limit) {
    Call call = calls.repeatable("list of files");
    var walk =
        after
            .map(cursor -> new ListWalk(limit, cursor, dialect.sendsBareLists()))
            .orElseGet(() -> new ListWalk(limit, Optional.empty(), dialect.sendsBareLists()));
    return Calls.onCallersContext(
        Calls.read(call, () -> api.files(null, limit, walk.after()))
            .map(reply -> walk.look(call, Calls.success(call, reply)))
            .map(page ->
                new FilePage(
                    page.entries().stream().map(OpenAiLists::file).toList(),
                    page.hasNext() ? Optional.ofNullable(walk.after()) : Optional.empty())));
  }

  Uni<Optional<ListedFile>> file(String fileId) {
    Call call = calls.repeatable("look at " + PlainText.of(fileId));
    return Calls.onCallersContext(
        Calls.read(call, () -> api.file(fileId))
            .map(reply ->
                reply.isNotFound() ? Optional.empty() : Optional.of(file(call, reply, fileId))));
  }

  /// Another file's particulars would be taken for those of this one.
  private static ListedFile file(Call call, Reply reply, String fileId) {
    var entry = new WireEntry(Calls.success(call, reply).json());
    if (!entry.id().equals(fileId)) {
      throw call.garbled(reply, "the answer is about another file");
    }
    return file(entry);
  }

  private Uni<Optional<RemoteBatch>> find(BatchSearch search) {
    Call call = calls.repeatable("list of batches");
    return Calls.read(call, () -> api.batches(PAGE, search.after()))
        .map(reply -> search.look(call, Calls.success(call, reply)))
        .chain(page ->
            page.found().isPresent() || !page.hasNext()
                ? Uni.createFrom().item(page.found())
                : find(search));
  }

  /// A page is asked for when somebody wants it.
  private static Multi<ListWalk.Page> pages(
      Call call, Supplier<ListWalk> begin, Function<ListWalk, Uni<RestResponse<String>>> request) {
    return Multi.createBy()
        .repeating()
        .uni(
            begin,
            walk ->
                Calls.onCallersContext(
                    Calls.read(call, () -> request.apply(walk))
                        .map(reply -> walk.look(call, Calls.success(call, reply)))))
        .whilst(ListWalk.Page::hasNext);
  }

  private ListedBatch batch(WireEntry entry) {
    WireBatch batch = new WireBatch(entry.json());
    return new ListedBatch(
        batch.id(),
        batch.metadata(NewBatch.TAG),
        batch.inputFileId(),
        batch.createdAt(),
        dialect.withAdvice(batch.status()));
  }

  private static ListedFile file(WireEntry entry) {
    String name = entry.text("filename");
    long bytes = entry.json().path("bytes").asLong(-1);
    return new ListedFile(
        entry.id(),
        FileForm.tag(name).orElse(""),
        entry.createdAt(),
        PlainText.of(name),
        PlainText.of(entry.text("purpose")),
        bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes));
  }
}
