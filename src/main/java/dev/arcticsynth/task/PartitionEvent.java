package dev.arcticsynth.task;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Events of a partition. Steps emit them, [Partition#apply] decides what follows.
public sealed interface PartitionEvent {

  /// The code of a file that is refused for its size: its halves may be taken.
  String FILE_TOO_LARGE = "file_too_large";

  /// A batch attempt is about to begin; recorded before anything is sent.
  ///
  /// @param remoteModel what is to answer, where that is not the requests' model itself
  record UploadBegun(String tag, @Nullable String remoteModel) implements PartitionEvent {
    public UploadBegun(String tag) {
      this(tag, null);
    }
  }

  /// The provider has the file. Without a hold the create call follows at once.
  record Uploaded(String fileId, boolean held) implements PartitionEvent {}

  /// The provider has the file and is still reading it: no batch can be created yet.
  record InputPending(String fileId, String word, Instant lookAt) implements PartitionEvent {}

  /// A hold was released: the create call follows at once.
  record CreateBegun() implements PartitionEvent {}

  /// The provider has the batch: by its reply, or found and adopted.
  record Submitted(String batchId, Instant pollAt, @Nullable String requestId)
      implements PartitionEvent {}

  /// Another client has created the batch, and it is taken over.
  ///
  /// @param callersIds the file has the ids that the caller gave: that client has uploaded it
  /// @param createdAt by the provider's clock
  record Adopted(String batchId, String fileId, boolean callersIds, Instant createdAt)
      implements PartitionEvent {}

  /// The create call may or may not have worked.
  record CreateUnknown(String reason, @Nullable String requestId) implements PartitionEvent {}

  /// No create of the file can succeed any more; look once more when the provider's lists have
  /// settled.
  record Fenced(Instant settledAt) implements PartitionEvent {}

  /// A fail-over lost an attempt with a batch at the provider; it is adopted as after a create with
  /// a lost answer.
  ///
  /// @param before the newest attempt that was still known
  /// @param fileId what the batch was made from
  record Recovered(int before, int batchAttempt, String tag, String fileId, Instant createdAt)
      implements PartitionEvent {}

  /// The attempt provably has no batch and cost nothing; a new one begins.
  record Abandoned(String reason) implements PartitionEvent {}

  /// The provider rejected it for a temporary reason; no fault of the requests.
  ///
  /// @param keepsFile a create call was refused, and is sent again over the same file
  record TemporarilyRejected(WaitReason waits, String reason, Instant retryAt, boolean keepsFile)
      implements PartitionEvent {
    public TemporarilyRejected(WaitReason waits, String reason, Instant retryAt) {
      this(waits, reason, retryAt, false);
    }
  }

  /// The tokens that the provider has enqueued for us are too many for this batch now.
  ///
  /// @param limit the limit in its message
  /// @param keepsFile a create call was refused, and is sent again over the same file
  record QuotaExceeded(String reason, OptionalLong limit, Instant retryAt, boolean keepsFile)
      implements PartitionEvent {
    public QuotaExceeded(String reason, OptionalLong limit, Instant retryAt) {
      this(reason, limit, retryAt, false);
    }
  }

  /// It may not begin now: nothing was sent. Waits where it is.
  record AdmissionDeferred(WaitReason waits, String reason, Instant until)
      implements PartitionEvent {}

  /// The provider refused the call or the file itself.
  ///
  /// @param mayBeOne of the requests that is at fault, and the others are not
  record Rejected(String code, String reason, Instant retryAt, boolean mayBeOne)
      implements PartitionEvent {
    public Rejected(String code, String reason, Instant retryAt) {
      this(code, reason, retryAt, false);
    }
  }

  /// Refused for an unnamed request: its halves replace it, and one of them will be refused.
  record Bisected(String code, String reason, PartitionSpec left, PartitionSpec right)
      implements PartitionEvent {}

  /// An operator must act; checked again later.
  ///
  /// @param keepsFile a create call was refused, and is sent again over the same file
  record Parked(WaitReason waits, String reason, Instant retryAt, boolean keepsFile)
      implements PartitionEvent {
    public Parked(WaitReason waits, String reason, Instant retryAt) {
      this(waits, reason, retryAt, false);
    }
  }

  record Unparked() implements PartitionEvent {}

  /// Nothing changed, and the step could not do its work; it is retried.
  record Deferred(WaitReason waits, String reason, Instant retryAt) implements PartitionEvent {}

  /// The provider's status of the batch is implausible; it is polled again.
  record StatusSuspect(String word, String reason, Instant retryAt) implements PartitionEvent {}

  record StillRunning(String word, int answered, Instant pollAt) implements PartitionEvent {}

  record CancelAsked(Instant pollAt) implements PartitionEvent {}

  /// The batch is over.
  ///
  /// @param files remote files with answers
  /// @param expected answered and failed lines as the provider counts them
  /// @param refused lines that the provider refused when it refused the file, as JSON
  record Ended(String word, List<String> files, OptionalInt expected, @Nullable String refused)
      implements PartitionEvent {
    public Ended {
      files = List.copyOf(files);
    }
  }

  /// A transfer was cut or wrong; the same files are fetched again.
  ///
  /// @param digest of the files where all of them came and yet lack answers; the same again is
  ///   believed
  record DownloadFailed(String reason, Instant retryAt, @Nullable String digest)
      implements PartitionEvent {
    public DownloadFailed(String reason, Instant retryAt) {
      this(reason, retryAt, null);
    }
  }

  /// The batch is over, perhaps paid for, and none of its answers can be used. They are left where
  /// they are.
  record Unreadable(String reason) implements PartitionEvent {}

  /// Its answers could not be used; the caller has them read again.
  record ReadAgain() implements PartitionEvent {}

  /// All answers are stored.
  record Downloaded(int succeeded, int failed, int waiting, long inputTokens, long outputTokens)
      implements PartitionEvent {}

  /// No request of it can be answered.
  record Failed(String code, String reason) implements PartitionEvent {}

  record Cancelled() implements PartitionEvent {}

  /// The attempt goes on with the file that it has, later.
  default boolean isKeepingFile() {
    return switch (this) {
      case TemporarilyRejected rejected -> rejected.keepsFile();
      case QuotaExceeded full -> full.keepsFile();
      case Parked parked -> parked.keepsFile();
      default -> false;
    };
  }

  /// Its name in the history that callers read (`partition.turned_away`) and in failpoints: a
  /// contract, and so a table and not made of the type's name.
  default String apiName() {
    return switch (this) {
      case UploadBegun _ -> "upload_begun";
      case Uploaded _ -> "uploaded";
      case InputPending _ -> "stored";
      case CreateBegun _ -> "create_begun";
      case Submitted _ -> "submitted";
      case Adopted _ -> "adopted";
      case CreateUnknown _ -> "create_unknown";
      case Fenced _ -> "fenced";
      case Recovered _ -> "recalled";
      case Abandoned _ -> "abandoned";
      case TemporarilyRejected _ -> "turned_away";
      case QuotaExceeded _ -> "full";
      case AdmissionDeferred _ -> "held_back";
      case Rejected _ -> "refused";
      case Bisected _ -> "bisected";
      case Parked _ -> "parked";
      case Unparked _ -> "unparked";
      case Deferred _ -> "deferred";
      case StatusSuspect _ -> "doubted";
      case StillRunning _ -> "still_running";
      case CancelAsked _ -> "cancel_asked";
      case Ended _ -> "ended";
      case DownloadFailed _ -> "download_failed";
      case Unreadable _ -> "unreadable";
      case ReadAgain _ -> "read_again";
      case Downloaded _ -> "downloaded";
      case Failed _ -> "failed";
      case Cancelled _ -> "cancelled";
    };
  }
}
