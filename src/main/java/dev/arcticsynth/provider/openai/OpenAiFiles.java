package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.Submission;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/// The data plane: files go up and come down as streams.
final class OpenAiFiles {

  private final Account account;
  private final HttpTransfer transfer;

  OpenAiFiles(Vertx vertx, Account account) {
    this.account = account;
    this.transfer =
        new HttpTransfer(vertx, account.url(), account.credentials(), account.transfers().limits());
  }

  Uni<Reply> upload(Call call, Submission submission, Multi<Buffer> lines) {
    FileForm form = FileForm.of(submission, account);
    Multi<Buffer> exact = exactly(call, submission.bytes(), lines);
    return transfer.post(
        call,
        account.at("/files"),
        form.contentType(),
        form.length(submission.bytes()),
        form.around(exact));
  }

  /// The content of a file. Nothing is sent before somebody subscribes.
  Multi<Buffer> download(Call call, String fileId) {
    URI content = account.at("/files/" + segment(fileId) + "/content");
    return transfer.get(call, content);
  }

  Uni<Void> close() {
    return transfer.close();
  }

  /// The lines, if they are as many bytes as was announced. Another length would leave the provider
  /// waiting, or with half a line.
  private static Multi<Buffer> exactly(Call call, long bytes, Multi<Buffer> lines) {
    return Multi.createFrom()
        .deferred(() -> {
          AtomicLong missing = new AtomicLong(bytes);
          return lines
              .onFailure()
              .transform(failure -> unread(call, failure))
              .onItem()
              .call(line -> {
                call.passes(".mid-stream");
                return check(call, missing.addAndGet(-line.length()) >= 0, bytes);
              })
              .onCompletion()
              .call(() -> check(call, missing.get() == 0, bytes));
        });
  }

  private static Uni<Void> check(Call call, boolean isRight, long bytes) {
    return isRight
        ? Uni.createFrom().voidItem()
        : Uni.createFrom()
            .failure(
                new ProviderException(
                    Kind.REJECTED,
                    "%s: the lines are not the %d bytes that were announced"
                        .formatted(call.what(), bytes)));
  }

  private static ProviderException unread(Call call, Throwable failure) {
    return failure instanceof ProviderException known
        ? known
        : new ProviderException(
            Kind.TRANSIENT,
            call.what() + ": the lines to send could not be read",
            null,
            null,
            null,
            failure);
  }

  /// An id as a part of a path. Gateways give ids that hold anything.
  private static String segment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
