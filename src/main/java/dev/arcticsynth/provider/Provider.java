package dev.arcticsynth.provider;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A batch provider. One instance for each configured provider; safe for concurrent use.
///
/// Every method returns at once and does its work when subscribed; it may be called on an event
/// loop and completes on the caller's context. Every failure is a [ProviderException], whose kind
/// decides the reaction. No method retries what it cannot prove undone; [#create] never sends twice
/// at all.
///
/// The order of calls in the flow: [#upload], [#fileStatus] until it is ready, [#create], [#status]
/// until it is over, [#download]. [#find], [#fence] and again [#find] settle a create whose answer
/// was lost.
public interface Provider {

  /// The configured name, unique in a deployment.
  String name();

  /// What kind of provider this is, as in the configuration: `openai`, `simulator` …
  String type();

  /// Where it is reached, for people; without secrets.
  String url();

  /// Another word when its address or its credentials are: what was refused is worth a try again.
  /// No secret can be read from it.
  default String fingerprint() {
    return "";
  }

  BatchLimits limits();

  PollPace pollPace();

  /// What answers requests for a model: the model itself, or several that share the work. Never
  /// empty; every line of a file names one of them.
  default List<String> pool(String model) {
    return List.of(model);
  }

  /// The url of a request line, for one of the endpoints of [#limits].
  default String lineUrl(String endpoint) {
    return endpoint;
  }

  /// After which a batch is stopped that is not over, counted from its create; empty where batches
  /// expire by themselves.
  default Optional<Duration> batchDeadline() {
    return Optional.empty();
  }

  /// Uploads the requests. May run twice for one submission: then two files exist, and only the id
  /// that was returned and recorded is ever used.
  Uni<RemoteFile> upload(Submission submission, Multi<Buffer> lines);

  /// Whether a batch can be made of an uploaded file by now. [ProviderException.Kind#NOT_FOUND]
  /// where the provider does not know it (yet).
  default Uni<FileStatus> fileStatus(String fileId) {
    return Uni.createFrom().item(new FileStatus.Ready());
  }

  /// Starts a batch over an uploaded file; costs money when it runs twice, so it sends at most
  /// once. [ProviderException.Kind#UNKNOWN] means that the batch may exist.
  Uni<RemoteBatch> create(Submission submission, String fileId);

  /// The batch of this submission among those created at or after `since`, all pages read: matched
  /// by its file, or by its tag where the provider does not return the file. A failure with the
  /// code [ProviderException#NO_LIST] where there is nothing to look into.
  Uni<Optional<RemoteBatch>> find(Submission submission, String fileId, Instant since);

  /// The batches of the account, ours and others', page by page as they are asked for: at least
  /// those created at or after `since`, and as the provider orders them. One may come twice when
  /// the list changes meanwhile, and one that is very new may be missing.
  Multi<List<ListedBatch>> batches(Instant since);

  /// A batch of the account, ours or another's; empty where the provider does not have it.
  Uni<Optional<ListedBatch>> batch(String batchId);

  /// The uploaded files of the account, ours and others', page by page as they are asked for, all
  /// of them. One may come twice, and one that is very new may be missing.
  Multi<List<ListedFile>> files();

  /// A page of all that the account stores, uploads and answers and what is not about batches, ours
  /// and others'. A file that is very new may be missing. Nothing is known of the order.
  ///
  /// @param after the [FilePage#next] of the page before. If that file is gone, the call fails or
  ///   starts from the beginning, depending on the provider
  /// @param limit files on it, as far as the provider keeps to that
  Uni<FilePage> storage(Optional<String> after, int limit);

  /// A file's entry; empty where the provider does not have it (any more).
  Uni<Optional<ListedFile>> file(String fileId);

  /// Makes sure that no create of this file can succeed from now on. Repeating it is harmless; a
  /// file that is gone already is fenced.
  Uni<Void> fence(String fileId);

  /// The status of the batch now.
  Uni<BatchStatus> status(String batchId);

  /// The status of the batch that was made for a submission; [BatchStatus.Gone] where the provider
  /// has given its id to a batch of another.
  ///
  /// @param tag of the submission
  default Uni<BatchStatus> status(String batchId, String tag) {
    return status(batchId);
  }

  /// Cancels the batch. Repeating it, also on a batch that is over, is harmless: the outcome is in
  /// the next [#status].
  Uni<Void> cancel(String batchId);

  /// One file of answers as bytes: JSON lines in the shape of the OpenAI output line, named by the
  /// ids that we gave, in any order, each line ended by `\n`. Back-pressure is honoured. Fails with
  /// [ProviderException.Kind#TRANSIENT] where the transfer was cut as far as the transport can
  /// tell; whether all lines are there is for the caller to check.
  Multi<Buffer> download(String fileId);

  /// As [#download(String)].
  ///
  /// @param label is told, once, what the reply says about the content, for people: `HTTP 200
  ///   application/json`
  default Multi<Buffer> download(String fileId, Consumer<String> label) {
    return download(fileId);
  }

  /// Deletes a remote file of ours; one that is gone already is deleted.
  Uni<Void> delete(String fileId);

  /// Poll intervals of a batch: `first`, then growing up to `max`.
  record PollPace(Duration first, Duration max) {}

  /// A file as its provider knows it.
  ///
  /// @param requestId what the provider's support asks for
  /// @param status when the upload was through
  record RemoteFile(String id, @Nullable String requestId, FileStatus status) {
    public RemoteFile(String id, @Nullable String requestId) {
      this(id, requestId, new FileStatus.Ready());
    }
  }

  /// A batch as its provider knows it.
  ///
  /// @param requestId what the provider's support asks for
  record RemoteBatch(String id, @Nullable String requestId) {}

  /// A batch as its provider lists it.
  ///
  /// @param tag of the submission that it was made for; empty where it has none
  /// @param fileId what it was made from; empty where the provider does not return it
  /// @param createdAt by the provider's clock
  record ListedBatch(
      String id, String tag, String fileId, Optional<Instant> createdAt, BatchStatus status) {

    /// It may still run requests.
    public boolean isLive() {
      return status instanceof BatchStatus.InProgress || status instanceof BatchStatus.Unfamiliar;
    }
  }

  /// A file as its provider lists it.
  ///
  /// @param tag of the submission that it was uploaded for, from its name; unverified, since others
  ///   may use the same name
  /// @param createdAt by the provider's clock
  /// @param name as it was uploaded, or as the provider named its answers
  /// @param purpose in the provider's word; empty where it does not say
  record ListedFile(
      String id,
      String tag,
      Optional<Instant> createdAt,
      String name,
      String purpose,
      OptionalLong bytes) {}

  /// A page of the files that an account stores.
  ///
  /// @param next where the page behind this one begins; empty on the last one
  record FilePage(List<ListedFile> files, Optional<String> next) {
    public FilePage {
      files = List.copyOf(files);
    }
  }
}
