package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.provider.http.HttpCall;
import dev.arcticsynth.provider.http.HttpReply;
import dev.arcticsynth.provider.http.HttpTransfer;
import dev.arcticsynth.provider.http.Proxies;
import dev.arcticsynth.provider.openai.Dialect.ExpiryForm;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The data plane: files go up and come down as streams.
final class OpenAiFiles {

  private final Account account;
  private final HttpTransfer transfer;

  OpenAiFiles(Vertx vertx, Account account, Proxies proxies) {
    this.account = account;
    this.transfer =
        new HttpTransfer(
            vertx, account.url(), account.credentials(), account.transfers().limits(), proxies);
  }

  /// @param expiry how the file's expiry is asked for
  Uni<HttpReply> upload(
      HttpCall httpCall, Submission submission, ExpiryForm expiry, Multi<Buffer> lines) {
    MultipartUpload form = MultipartUpload.of(submission, account, expiry);
    Multi<Buffer> exact = exactly(httpCall, submission.bytes(), lines);
    return transfer.post(
        httpCall,
        account.at("/files"),
        form.contentType(),
        form.length(submission.bytes()),
        form.around(exact));
  }

  /// The content of a file. Nothing is sent before the subscription.
  Multi<Buffer> download(HttpCall httpCall, String fileId) {
    return download(httpCall, fileId, _ -> {});
  }

  /// @param label is told what the reply says about the content
  Multi<Buffer> download(HttpCall httpCall, String fileId, Consumer<String> label) {
    URI content = account.at("/files/" + OpenAiApi.segment(fileId) + "/content");
    return transfer.get(httpCall, content, label);
  }

  Uni<Void> close() {
    return transfer.close();
  }

  /// The lines, if they are as many bytes as was announced. Another length would leave the provider
  /// waiting, or with half a line.
  private static Multi<Buffer> exactly(HttpCall httpCall, long bytes, Multi<Buffer> lines) {
    return Multi.createFrom()
        .deferred(() -> {
          AtomicLong missing = new AtomicLong(bytes);
          return lines
              .onFailure()
              .transform(failure -> unread(httpCall, failure))
              .onItem()
              .call(line -> {
                httpCall.passes(".mid-stream");
                return check(httpCall, missing.addAndGet(-line.length()) >= 0, bytes);
              })
              .onCompletion()
              .call(() -> check(httpCall, missing.get() == 0, bytes));
        });
  }

  private static Uni<Void> check(HttpCall httpCall, boolean isRight, long bytes) {
    return isRight
        ? Uni.createFrom().voidItem()
        : Uni.createFrom()
            .failure(
                new ProviderException(
                    Kind.REJECTED,
                    "%s: the lines are not the %d bytes that were announced"
                        .formatted(httpCall.what(), bytes)));
  }

  private static ProviderException unread(HttpCall httpCall, Throwable failure) {
    return failure instanceof ProviderException known
        ? known
        : new ProviderException(
            Kind.TRANSIENT,
            httpCall.what() + ": the lines to send could not be read",
            null,
            null,
            null,
            failure);
  }
}
