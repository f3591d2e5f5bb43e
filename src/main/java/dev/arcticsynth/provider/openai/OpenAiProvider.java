package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.FileStatus;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.FilePage;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.Provider.RemoteFile;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.provider.http.HttpCall;
import dev.arcticsynth.provider.http.HttpCalls;
import dev.arcticsynth.provider.http.HttpReply;
import dev.arcticsynth.provider.http.LogSanitizer;
import dev.arcticsynth.provider.http.WireEntry;
import dev.arcticsynth.provider.openai.Dialect.ExpiryForm;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/// Runs batches through OpenAI's batch API.
public final class OpenAiProvider implements Provider {

  private static final Logger LOG = Logger.getLogger(OpenAiProvider.class);

  private static final Duration CREATE_LIMIT = Duration.ofSeconds(60);

  private final Account account;
  private final OpenAiApi api;
  private final OpenAiFiles files;
  private final OpenAiLists lists;
  private final HttpCalls httpCalls;
  private final ExpiryNotice expiry;
  private final AtomicBoolean isSizeTold = new AtomicBoolean();

  OpenAiProvider(Account account, OpenAiApi api, OpenAiFiles files, InstantSource clock) {
    this.account = account;
    this.api = api;
    this.files = files;
    this.httpCalls = new HttpCalls(clock, account.credentials());
    this.expiry = new ExpiryNotice(account);
    this.lists = new OpenAiLists(api, httpCalls, account.dialect());
  }

  @Override
  public String name() {
    return account.name();
  }

  @Override
  public String type() {
    return account.type();
  }

  @Override
  public String url() {
    return account.url().toString();
  }

  @Override
  public String fingerprint() {
    return account.fingerprint();
  }

  @Override
  public BatchLimits limits() {
    return account.limits();
  }

  @Override
  public PollPace pollPace() {
    return account.pollPace();
  }

  @Override
  public List<String> pool(String model) {
    return account.pools().getOrDefault(model, List.of(model));
  }

  @Override
  public String lineUrl(String endpoint) {
    return account.dialect().url(endpoint);
  }

  @Override
  public Optional<Duration> batchDeadline() {
    return account.batchDeadline();
  }

  @Override
  public Uni<RemoteFile> upload(Submission submission, Multi<Buffer> lines) {
    HttpCall httpCall = httpCalls.repeatable("upload of " + submission.tag());
    return HttpCalls.onCallersContext(
        HttpCalls.withCredentials(httpCall, () -> send(httpCall, submission, lines))
            .invoke(() -> httpCall.passes(".after-reply"))
            .map(httpReply -> uploaded(httpCall, httpReply, submission)));
  }

  private Uni<HttpReply> send(HttpCall httpCall, Submission submission, Multi<Buffer> lines) {
    ExpiryForm form = expiry.form();
    return files
        .upload(httpCall, submission, form, lines)
        .chain(httpReply -> {
          Optional<String> refused = expiry.ofRefusal(httpReply, form);
          refused.ifPresent(LOG::warn);
          return refused.isPresent()
              ? files.upload(httpCall, submission, ExpiryForm.NONE, lines)
              : Uni.createFrom().item(httpReply);
        });
  }

  @Override
  public Uni<RemoteBatch> create(Submission submission, String fileId) {
    HttpCall httpCall = httpCalls.once("create of a batch from " + LogSanitizer.of(fileId));
    return HttpCalls.onCallersContext(
        HttpCalls.send(
                httpCall,
                CREATE_LIMIT,
                () -> api.createBatch(httpCall, NewBatch.of(submission, fileId, account.dialect())))
            .map(httpReply -> created(httpCall, HttpCalls.success(httpCall, httpReply), fileId)));
  }

  @Override
  public Uni<Optional<RemoteBatch>> find(Submission submission, String fileId, Instant since) {
    return lists.find(submission, fileId, since);
  }

  @Override
  public Multi<List<ListedBatch>> batches(Instant since) {
    return lists.batches(since);
  }

  @Override
  public Uni<Optional<ListedBatch>> batch(String batchId) {
    return lists.batch(batchId);
  }

  @Override
  public Multi<List<ListedFile>> files() {
    return lists.files();
  }

  @Override
  public Uni<FilePage> storage(Optional<String> after, int limit) {
    return lists.storage(after, limit);
  }

  @Override
  public Uni<Optional<ListedFile>> file(String fileId) {
    return lists.file(fileId);
  }

  @Override
  public Uni<Void> fence(String fileId) {
    return delete(httpCalls.repeatable("fence of " + LogSanitizer.of(fileId)), fileId);
  }

  @Override
  public Uni<BatchStatus> status(String batchId) {
    return HttpCalls.onCallersContext(readStatus(batchId));
  }

  @Override
  public Uni<BatchStatus> status(String batchId, String tag) {
    HttpCall httpCall = httpCalls.repeatable("status of " + LogSanitizer.of(batchId));
    return HttpCalls.onCallersContext(
        HttpCalls.read(httpCall, () -> api.batch(httpCall, batchId))
            .map(httpReply ->
                isOfAnother(httpReply, tag)
                    ? new BatchStatus.Gone("of_another_file")
                    : status(httpCall, httpReply)));
  }

  /// Gateways leave tags out, and write ids of files of their own; no one makes up a tag.
  private static boolean isOfAnother(HttpReply httpReply, String tag) {
    String found = new WireBatch(httpReply.json()).metadata(NewBatch.TAG);
    return httpReply.isSuccess() && !found.isBlank() && !found.equals(tag);
  }

  @Override
  public Uni<Void> cancel(String batchId) {
    HttpCall httpCall = httpCalls.repeatable("cancel of " + LogSanitizer.of(batchId));
    return HttpCalls.onCallersContext(
        HttpCalls.send(httpCall, HttpCalls.LIMIT, () -> api.cancelBatch(httpCall, batchId))
            .chain(httpReply -> cancelled(httpCall, httpReply, batchId)));
  }

  @Override
  public Multi<Buffer> download(String fileId) {
    return download(fileId, _ -> {});
  }

  @Override
  public Multi<Buffer> download(String fileId, Consumer<String> label) {
    return files.download(
        httpCalls.repeatable("download of " + LogSanitizer.of(fileId)), fileId, label);
  }

  @Override
  public Uni<Void> delete(String fileId) {
    return delete(httpCalls.repeatable("delete of " + LogSanitizer.of(fileId)), fileId);
  }

  private Uni<Void> delete(HttpCall httpCall, String fileId) {
    return HttpCalls.onCallersContext(
        HttpCalls.send(httpCall, HttpCalls.LIMIT, () -> api.deleteFile(httpCall, fileId))
            .invoke(httpReply -> deleted(httpCall, httpReply))
            .replaceWithVoid());
  }

  private RemoteFile uploaded(HttpCall httpCall, HttpReply httpReply, Submission submission) {
    if (httpReply.isNotFound()) {
      // For an upload only the API itself can be missing.
      throw new ProviderException(
          ProviderException.Kind.DENIED,
          "%s: there is no batch API at %s%s; correct the address of arctic.providers.%s and its api-version, if it has one"
              .formatted(
                  httpCall.what(), account.url(), account.dialect().version(), account.name()));
    }
    WireEntry file = new WireEntry(HttpCalls.success(httpCall, httpReply).json());
    String id = httpReply.json().path("id").asText("");
    if (id.isBlank()) {
      throw httpCall.garbled(httpReply, "the answer has no id");
    }
    // A hint and no proof: gateways rewrite files, say 0, or say nothing.
    long stored = httpReply.json().path("bytes").asLong(0);
    if (stored > 0 && stored != submission.bytes() && isSizeTold.compareAndSet(false, true)) {
      LOG.warnf(
          "The provider says another size of an uploaded file than was sent, which is believed to be its own doing: provider=%s fileId=%s sent=%d stored=%d",
          name(), LogSanitizer.of(id), submission.bytes(), stored);
    }
    expiry.of(file).ifPresent(LOG::warn);
    return new RemoteFile(id, httpReply.requestId(), fileStatus(file));
  }

  private static RemoteBatch created(HttpCall httpCall, HttpReply httpReply, String fileId) {
    WireBatch batch = WireBatch.created(httpReply.json());
    if (batch.id().isBlank()) {
      throw httpCall.garbled(httpReply, "the answer has no id");
    }
    if (!batch.inputFileId().isEmpty() && !batch.inputFileId().equals(fileId)) {
      throw httpCall.garbled(
          httpReply, "the answer is about " + LogSanitizer.of(batch.inputFileId()));
    }
    return new RemoteBatch(batch.id(), httpReply.requestId());
  }

  private Uni<BatchStatus> readStatus(String batchId) {
    HttpCall httpCall = httpCalls.repeatable("status of " + LogSanitizer.of(batchId));
    return HttpCalls.read(httpCall, () -> api.batch(httpCall, batchId))
        .map(httpReply -> status(httpCall, httpReply));
  }

  @Override
  public Uni<FileStatus> fileStatus(String fileId) {
    if (!account.dialect().readsFiles()) {
      return Uni.createFrom().item(new FileStatus.Ready());
    }
    HttpCall httpCall = httpCalls.repeatable("status of file " + LogSanitizer.of(fileId));
    return HttpCalls.onCallersContext(
        HttpCalls.read(httpCall, () -> api.file(httpCall, fileId))
            .map(httpReply ->
                fileStatus(new WireEntry(HttpCalls.success(httpCall, httpReply).json()))));
  }

  /// An unknown word must not discard a file, nor lead to a batch of one that is not ready.
  private FileStatus fileStatus(WireEntry file) {
    String word = LogSanitizer.of(file.text("status"));
    if (!account.dialect().readsFiles()) {
      return new FileStatus.Ready();
    }
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "processed" -> new FileStatus.Ready();
      case "error", "deleting", "deleted" -> new FileStatus.Unusable(word);
      default -> new FileStatus.Pending(word);
    };
  }

  private BatchStatus status(HttpCall httpCall, HttpReply httpReply) {
    if (httpReply.isNotFound()) {
      return new BatchStatus.Gone("not_found");
    }
    WireBatch batch = new WireBatch(HttpCalls.success(httpCall, httpReply).json());
    if (batch.word().isEmpty()) {
      throw httpCall.garbled(httpReply, "the answer has no status");
    }
    return account.dialect().withAdvice(batch.status());
  }

  /// A batch that is over cannot be cancelled, and the status of that refusal is not documented: so
  /// the batch is polled.
  private Uni<Void> cancelled(HttpCall httpCall, HttpReply httpReply, String batchId) {
    return switch (httpReply.status()) {
      case 400, 409, 422 ->
          readStatus(batchId)
              .invoke(status -> {
                if (status instanceof BatchStatus.InProgress still && !isCancelling(still)) {
                  throw httpCall.refused(httpReply);
                }
              })
              .replaceWithVoid();
      default -> {
        if (!httpReply.isSuccess() && !httpReply.isNotFound()) {
          yield Uni.createFrom().failure(httpCall.refused(httpReply));
        }
        yield Uni.createFrom().voidItem();
      }
    };
  }

  private static boolean isCancelling(BatchStatus.InProgress status) {
    return status.word().equalsIgnoreCase("cancelling")
        || status.word().equalsIgnoreCase("canceling");
  }

  /// The fence holds only if the file is proven to be deleted.
  private static void deleted(HttpCall httpCall, HttpReply httpReply) {
    if (httpReply.isNotFound() || httpReply.status() == 204) {
      return;
    }
    if (!HttpCalls.success(httpCall, httpReply).json().path("deleted").asBoolean(false)) {
      throw httpCall.garbled(httpReply, "the answer does not say that the file is deleted");
    }
  }
}
