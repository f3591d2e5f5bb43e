package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.PollPace;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.RemoteBatch;
import dev.arcticsynth.provider.RemoteFile;
import dev.arcticsynth.provider.Submission;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Answers batches through OpenAI's batch API.
final class OpenAiProvider implements Provider {

  private static final Duration CREATE_LIMIT = Duration.ofSeconds(60);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(20);

  /// All tries of a read together.
  private static final Duration READ_LIMIT = Duration.ofSeconds(60);

  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final int RETRIES = 3;

  private final Account account;
  private final OpenAiApi api;
  private final OpenAiFiles files;
  private final InstantSource clock;

  OpenAiProvider(Account account, OpenAiApi api, OpenAiFiles files, InstantSource clock) {
    this.account = account;
    this.api = api;
    this.files = files;
    this.clock = clock;
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
  public Uni<RemoteFile> upload(Submission submission, Multi<Buffer> lines) {
    Call call = repeatable("upload of " + submission.tag());
    return onCallersContext(
        Uni.createFrom()
            .deferred(() -> files.upload(call, submission, lines))
            .invoke(() -> call.passes(".after-reply"))
            .map(reply -> uploaded(call, success(call, reply), submission)));
  }

  @Override
  public Uni<RemoteBatch> create(Submission submission, String fileId) {
    Call call = new Call("create of a batch from " + PlainText.of(fileId), false, clock);
    return onCallersContext(
        send(call, CREATE_LIMIT, () -> api.createBatch(NewBatch.of(submission, fileId)))
            .map(reply -> created(call, success(call, reply), fileId)));
  }

  @Override
  public Uni<Optional<RemoteBatch>> find(Submission submission, String fileId, Instant since) {
    BatchSearch search = new BatchSearch(submission, fileId, since);
    return onCallersContext(find(search, null));
  }

  @Override
  public Uni<Void> fence(String fileId) {
    return delete(repeatable("fence of " + PlainText.of(fileId)), fileId);
  }

  @Override
  public Uni<BatchStatus> status(String batchId) {
    return onCallersContext(readStatus(batchId));
  }

  @Override
  public Uni<Void> cancel(String batchId) {
    Call call = repeatable("cancel of " + PlainText.of(batchId));
    return onCallersContext(
        send(call, CALL_LIMIT, () -> api.cancelBatch(batchId))
            .chain(reply -> cancelled(call, reply, batchId)));
  }

  @Override
  public Multi<Buffer> download(String fileId) {
    return files.download(repeatable("download of " + PlainText.of(fileId)), fileId);
  }

  @Override
  public Uni<Void> delete(String fileId) {
    return delete(repeatable("delete of " + PlainText.of(fileId)), fileId);
  }

  private Uni<Void> delete(Call call, String fileId) {
    return onCallersContext(
        send(call, CALL_LIMIT, () -> api.deleteFile(fileId))
            .invoke(reply -> deleted(call, reply))
            .replaceWithVoid());
  }

  private static RemoteFile uploaded(Call call, Reply reply, Submission submission) {
    String id = reply.json().path("id").asText("");
    if (id.isBlank()) {
      throw call.garbled(reply, "the answer has no id");
    }
    long stored = reply.json().path("bytes").asLong(-1);
    if (stored != submission.bytes()) {
      throw call.garbled(
          reply, "%d bytes were sent and %d stored".formatted(submission.bytes(), stored));
    }
    return new RemoteFile(id, reply.requestId());
  }

  private static RemoteBatch created(Call call, Reply reply, String fileId) {
    WireBatch batch = new WireBatch(reply.json());
    if (batch.id().isBlank()) {
      throw call.garbled(reply, "the answer has no id");
    }
    if (!batch.inputFileId().isEmpty() && !batch.inputFileId().equals(fileId)) {
      throw call.garbled(reply, "the answer is about " + PlainText.of(batch.inputFileId()));
    }
    return new RemoteBatch(batch.id(), reply.requestId());
  }

  private Uni<Optional<RemoteBatch>> find(BatchSearch search, @Nullable String after) {
    Call call = repeatable("list of batches");
    return read(call, () -> api.batches(BatchSearch.PAGE, after))
        .map(reply -> search.look(call, success(call, reply)))
        .chain(page ->
            page.found().isPresent() || page.next().isEmpty()
                ? Uni.createFrom().item(page.found())
                : find(search, page.next().get()));
  }

  private Uni<BatchStatus> readStatus(String batchId) {
    Call call = repeatable("status of " + PlainText.of(batchId));
    return read(call, () -> api.batch(batchId)).map(reply -> status(call, reply));
  }

  private static BatchStatus status(Call call, Reply reply) {
    if (reply.isNotFound()) {
      return new BatchStatus.Gone("not_found");
    }
    WireBatch batch = new WireBatch(success(call, reply).json());
    if (batch.word().isEmpty()) {
      throw call.garbled(reply, "the answer has no status");
    }
    return batch.status();
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
    if (!success(call, reply).json().path("deleted").asBoolean(false)) {
      throw call.garbled(reply, "the answer does not say that the file is deleted");
    }
  }

  private static Reply success(Call call, Reply reply) {
    if (!reply.isSuccess()) {
      throw call.refused(reply);
    }
    return reply;
  }

  /// One call that changes nothing: what passes by itself is tried again.
  private Uni<Reply> read(Call call, Supplier<Uni<RestResponse<String>>> request) {
    return send(call, CALL_LIMIT, request)
        .invoke(reply -> {
          if (reply.status() >= 500) {
            throw call.refused(reply);
          }
        })
        .onFailure(OpenAiProvider::isTransient)
        .retry()
        .withBackOff(FIRST_RETRY)
        .atMost(RETRIES)
        .ifNoItem()
        .after(READ_LIMIT)
        .fail()
        .onFailure()
        .transform(call::lost);
  }

  private static Uni<Reply> send(
      Call call, Duration limit, Supplier<Uni<RestResponse<String>>> request) {
    return Uni.createFrom()
        .deferred(() -> {
          call.passes(".before-send");
          return request.get();
        })
        .map(OpenAiProvider::reply)
        .invoke(() -> call.passes(".after-reply"))
        .ifNoItem()
        .after(limit)
        .fail()
        .onFailure()
        .transform(call::lost);
  }

  private static Reply reply(RestResponse<?> response) {
    return Reply.of(response.getStatus(), text(response.getEntity()), response::getHeaderString);
  }

  /// The client makes a text of what comes with a 2xx, and leaves the rest as bytes in memory.
  private static @Nullable String text(@Nullable Object entity) {
    if (entity instanceof InputStream bytes) {
      try (bytes) {
        return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return entity == null ? null : entity.toString();
  }

  private static boolean isTransient(Throwable failure) {
    return failure instanceof ProviderException known && known.kind() == Kind.TRANSIENT;
  }

  private Call repeatable(String what) {
    return new Call(what, true, clock);
  }

  /// Limits and retries go off on threads of their own, and the database sessions of our callers
  /// live on a context.
  private static <T extends @Nullable Object> Uni<T> onCallersContext(Uni<T> uni) {
    return Uni.createFrom()
        .deferred(() -> {
          @Nullable Context context = Vertx.currentContext();
          return context == null ? uni : uni.emitOn(task -> context.runOnContext(_ -> task.run()));
        });
  }
}
