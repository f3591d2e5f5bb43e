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
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Answers batches through OpenAI's batch API.
final class OpenAiProvider implements Provider {

  private static final Logger LOG = Logger.getLogger(OpenAiProvider.class);

  private static final Duration CREATE_LIMIT = Duration.ofSeconds(60);

  private final Account account;
  private final OpenAiApi api;
  private final OpenAiFiles files;
  private final OpenAiLists lists;
  private final Calls calls;
  private final ExpiryNotice expiry;

  OpenAiProvider(Account account, OpenAiApi api, OpenAiFiles files, InstantSource clock) {
    this.account = account;
    this.api = api;
    this.files = files;
    this.calls = new Calls(clock, account.credentials());
    this.expiry = new ExpiryNotice(account);
    this.lists = new OpenAiLists(api, calls, account.dialect());
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
    Call call = calls.repeatable("upload of " + submission.tag());
    return Calls.onCallersContext(
        Calls.withCredentials(call, () -> files.upload(call, submission, lines))
            .invoke(() -> call.passes(".after-reply"))
            .map(reply -> uploaded(call, reply, submission)));
  }

  @Override
  public Uni<RemoteBatch> create(Submission submission, String fileId) {
    Call call = calls.once("create of a batch from " + PlainText.of(fileId));
    return Calls.onCallersContext(
        Calls.send(
                call,
                CREATE_LIMIT,
                () -> api.createBatch(NewBatch.of(submission, fileId, account.dialect())))
            .map(reply -> created(call, Calls.success(call, reply), fileId)));
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
    return delete(calls.repeatable("fence of " + PlainText.of(fileId)), fileId);
  }

  @Override
  public Uni<BatchStatus> status(String batchId) {
    return Calls.onCallersContext(readStatus(batchId));
  }

  @Override
  public Uni<Void> cancel(String batchId) {
    Call call = calls.repeatable("cancel of " + PlainText.of(batchId));
    return Calls.onCallersContext(
        Calls.send(call, Calls.LIMIT, () -> api.cancelBatch(batchId))
            .chain(reply -> cancelled(call, reply, batchId)));
  }

  @Override
  public Multi<Buffer> download(String fileId) {
    return files.download(calls.repeatable("download of " + PlainText.of(fileId)), fileId);
  }

  @Override
  public Uni<Void> delete(String fileId) {
    return delete(calls.repeatable("delete of " + PlainText.of(fileId)), fileId);
  }

  private Uni<Void> delete(Call call, String fileId) {
    return Calls.onCallersContext(
        Calls.send(call, Calls.LIMIT, () -> api.deleteFile(fileId))
            .invoke(reply -> deleted(call, reply))
            .replaceWithVoid());
  }

  private RemoteFile uploaded(Call call, Reply reply, Submission submission) {
    if (reply.isNotFound()) {
      // An upload is about nothing that could be missing but the API itself.
      throw new ProviderException(
          ProviderException.Kind.DENIED,
          "%s: there is no batch API at %s%s; mend the address of arctic.providers.%s and its api-version, if it has one"
              .formatted(call.what(), account.url(), account.dialect().query(), account.name()));
    }
    WireEntry file = new WireEntry(Calls.success(call, reply).json());
    String id = reply.json().path("id").asText("");
    if (id.isBlank()) {
      throw call.garbled(reply, "the answer has no id");
    }
    FileStatus status = fileStatus(file);
    long stored = reply.json().path("bytes").asLong(-1);
    // Azure may say nothing of the size as long as it has not read the file.
    boolean isUnsaid =
        status instanceof FileStatus.Pending && !reply.json().path("bytes").isNumber();
    if (stored != submission.bytes() && !isUnsaid) {
      throw call.garbled(
          reply, "%d bytes were sent and %d stored".formatted(submission.bytes(), stored));
    }
    expiry.of(file).ifPresent(LOG::warn);
    return new RemoteFile(id, reply.requestId(), status);
  }

  private static RemoteBatch created(Call call, Reply reply, String fileId) {
    WireBatch batch = WireBatch.created(reply.json());
    if (batch.id().isBlank()) {
      throw call.garbled(reply, "the answer has no id");
    }
    if (!batch.inputFileId().isEmpty() && !batch.inputFileId().equals(fileId)) {
      throw call.garbled(reply, "the answer is about " + PlainText.of(batch.inputFileId()));
    }
    return new RemoteBatch(batch.id(), reply.requestId());
  }

  private Uni<BatchStatus> readStatus(String batchId) {
    Call call = calls.repeatable("status of " + PlainText.of(batchId));
    return Calls.read(call, () -> api.batch(batchId)).map(reply -> status(call, reply));
  }

  @Override
  public Uni<FileStatus> fileStatus(String fileId) {
    if (!account.dialect().readsFiles()) {
      return Uni.createFrom().item(new FileStatus.Ready());
    }
    Call call = calls.repeatable("status of file " + PlainText.of(fileId));
    return Calls.onCallersContext(
        Calls.read(call, () -> api.file(fileId))
            .map(reply -> fileStatus(new WireEntry(Calls.success(call, reply).json()))));
  }

  /// A word that nobody knows must not make a file useless, nor a batch of one that is not ready.
  private FileStatus fileStatus(WireEntry file) {
    String word = PlainText.of(file.text("status"));
    if (!account.dialect().readsFiles()) {
      return new FileStatus.Ready();
    }
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "processed" -> new FileStatus.Ready();
      case "error", "deleting", "deleted" -> new FileStatus.Unusable(word);
      default -> new FileStatus.Pending(word);
    };
  }

  private BatchStatus status(Call call, Reply reply) {
    if (reply.isNotFound()) {
      return new BatchStatus.Gone("not_found");
    }
    WireBatch batch = new WireBatch(Calls.success(call, reply).json());
    if (batch.word().isEmpty()) {
      throw call.garbled(reply, "the answer has no status");
    }
    return account.dialect().withAdvice(batch.status());
  }

  /// A batch that is over cannot be cancelled, and which status says so is not written down
  /// anywhere: so we ask what has become of the batch.
  private Uni<Void> cancelled(Call call, Reply reply, String batchId) {
    return switch (reply.status()) {
      case 400, 409, 422 ->
          readStatus(batchId)
              .invoke(status -> {
                if (status instanceof BatchStatus.InProgress still && !isCancelling(still)) {
                  throw call.refused(reply);
                }
              })
              .replaceWithVoid();
      default -> {
        if (!reply.isSuccess() && !reply.isNotFound()) {
          yield Uni.createFrom().failure(call.refused(reply));
        }
        yield Uni.createFrom().voidItem();
      }
    };
  }

  private static boolean isCancelling(BatchStatus.InProgress status) {
    return status.word().equalsIgnoreCase("cancelling")
        || status.word().equalsIgnoreCase("canceling");
  }

  /// A fence is only as good as the proof that the file is gone.
  private static void deleted(Call call, Reply reply) {
    if (reply.isNotFound() || reply.status() == 204) {
      return;
    }
    if (!Calls.success(call, reply).json().path("deleted").asBoolean(false)) {
      throw call.garbled(reply, "the answer does not say that the file is deleted");
    }
  }
}
