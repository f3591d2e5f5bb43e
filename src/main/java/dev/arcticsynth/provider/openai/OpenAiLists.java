package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.Provider.FilePage;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.provider.http.HttpCall;
import dev.arcticsynth.provider.http.HttpCalls;
import dev.arcticsynth.provider.http.HttpReply;
import dev.arcticsynth.provider.http.LogSanitizer;
import dev.arcticsynth.provider.http.PageWalker;
import dev.arcticsynth.provider.http.WireEntry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// Reads an account's lists of batches and files.
final class OpenAiLists {

  /// The most batches that OpenAI gives in one page.
  static final int PAGE = 100;

  /// OpenAI would give 10,000; a page is held in memory.
  private static final int FILES_PAGE = 1_000;

  private final OpenAiApi api;
  private final HttpCalls httpCalls;
  private final Dialect dialect;

  OpenAiLists(OpenAiApi api, HttpCalls httpCalls, Dialect dialect) {
    this.api = api;
    this.dialect = dialect;
    this.httpCalls = httpCalls;
  }

  Uni<Optional<RemoteBatch>> find(Submission submission, String fileId, Instant since) {
    return HttpCalls.onCallersContext(
        find(new BatchSearch(submission, fileId, since, dialect.sendsBareLists())));
  }

  Multi<List<ListedBatch>> batches(Instant since) {
    return pages(
            httpCalls.repeatable("list of batches"),
            () -> new PageWalker(PAGE, Optional.of(since), dialect.sendsBareLists()),
            (httpCall, walk) -> api.batches(httpCall, PAGE, walk.after()))
        .map(page -> page.entries().stream().map(this::batch).toList());
  }

  Uni<Optional<ListedBatch>> batch(String batchId) {
    HttpCall httpCall = httpCalls.repeatable("look at " + LogSanitizer.of(batchId));
    return HttpCalls.onCallersContext(
        HttpCalls.read(httpCall, () -> api.batch(httpCall, batchId))
            .map(httpReply ->
                httpReply.isNotFound()
                    ? Optional.empty()
                    : Optional.of(batch(httpCall, httpReply, batchId))));
  }

  /// A reply about another batch must not be used for this one.
  private ListedBatch batch(HttpCall httpCall, HttpReply httpReply, String batchId) {
    var entry = new WireEntry(HttpCalls.success(httpCall, httpReply).json());
    if (!entry.id().equals(batchId)) {
      throw httpCall.garbled(httpReply, "the answer is about another batch");
    }
    return batch(entry);
  }

  Multi<List<ListedFile>> files() {
    return pages(
            httpCalls.repeatable("list of files"),
            () -> new PageWalker(FILES_PAGE, Optional.empty(), dialect.sendsBareLists()),
            (httpCall, walk) -> api.files(httpCall, dialect.purpose(), FILES_PAGE, walk.after()))
        .map(page -> page.entries().stream().map(OpenAiLists::file).toList());
  }

  Uni<FilePage> storage(Optional<String> after, int limit) {
    HttpCall httpCall = httpCalls.repeatable("list of files");
    var walk =
        after
            .map(cursor -> new PageWalker(limit, cursor, dialect.sendsBareLists()))
            .orElseGet(() -> new PageWalker(limit, Optional.empty(), dialect.sendsBareLists()));
    return HttpCalls.onCallersContext(
        HttpCalls.read(httpCall, () -> api.files(httpCall, null, limit, walk.after()))
            .map(httpReply -> walk.look(httpCall, HttpCalls.success(httpCall, httpReply)))
            .map(page ->
                new FilePage(
                    page.entries().stream().map(OpenAiLists::file).toList(),
                    page.hasNext() ? Optional.ofNullable(walk.after()) : Optional.empty())));
  }

  Uni<Optional<ListedFile>> file(String fileId) {
    HttpCall httpCall = httpCalls.repeatable("look at " + LogSanitizer.of(fileId));
    return HttpCalls.onCallersContext(
        HttpCalls.read(httpCall, () -> api.file(httpCall, fileId))
            .map(httpReply ->
                httpReply.isNotFound()
                    ? Optional.empty()
                    : Optional.of(file(httpCall, httpReply, fileId))));
  }

  /// A reply about another file must not be used for this one.
  private static ListedFile file(HttpCall httpCall, HttpReply httpReply, String fileId) {
    var entry = new WireEntry(HttpCalls.success(httpCall, httpReply).json());
    if (!entry.id().equals(fileId)) {
      throw httpCall.garbled(httpReply, "the answer is about another file");
    }
    return file(entry);
  }

  private Uni<Optional<RemoteBatch>> find(BatchSearch search) {
    HttpCall httpCall = httpCalls.repeatable("list of batches");
    return HttpCalls.read(httpCall, () -> api.batches(httpCall, PAGE, search.after()))
        .map(httpReply -> search.look(httpCall, listed(httpCall, httpReply)))
        .chain(page ->
            page.found().isPresent() || !page.hasNext()
                ? Uni.createFrom().item(page.found())
                : find(search));
  }

  /// Some servers make batches and have no list of them.
  private static HttpReply listed(HttpCall httpCall, HttpReply httpReply) {
    return switch (httpReply.status()) {
      case 404, 405, 501 -> {
        ProviderException refusal = httpCall.refused(httpReply);
        throw new ProviderException(
            Kind.REJECTED,
            String.valueOf(refusal.getMessage()),
            null,
            ProviderException.NO_LIST,
            refusal.requestId().orElse(null),
            refusal);
      }
      default -> HttpCalls.success(httpCall, httpReply);
    };
  }

  /// A page is fetched on demand.
  private static Multi<PageWalker.Page> pages(
      HttpCall httpCall,
      Supplier<PageWalker> begin,
      BiFunction<HttpCall, PageWalker, Uni<HttpReply>> request) {
    return Multi.createBy()
        .repeating()
        .uni(
            begin,
            walk ->
                HttpCalls.onCallersContext(
                    HttpCalls.read(httpCall, () -> request.apply(httpCall, walk))
                        .map(httpReply ->
                            walk.look(httpCall, HttpCalls.success(httpCall, httpReply)))))
        .whilst(PageWalker.Page::hasNext);
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
        MultipartUpload.tag(name).orElse(""),
        entry.createdAt(),
        LogSanitizer.of(name),
        LogSanitizer.of(entry.text("purpose")),
        bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes));
  }
}
