package dev.arcticsynth.provider.simulator.fault;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One fault of a provider. On the wire of the simulator's own API its `type` is its name in snake
/// case, as in `{"type":"lost_reply"}`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Fault {
  /// The calls it strikes when a rule names none.
  Set<Operation> usualCalls();

  // -------------------------------------------------------------------- any call and its reply

  /// Strikes a call as a whole.
  sealed interface OnReply extends Fault {
    @Override
    default Set<Operation> usualCalls() {
      return EnumSet.of(Operation.CREATE);
    }
  }

  /// The call takes effect; the connection is closed with no reply.
  record LostReply() implements OnReply {}

  /// The call takes effect; the reply has `status`, such as 500.
  record DoneBut(int status) implements OnReply {}

  /// The call takes effect; the connection is cut in the middle of the reply's body.
  record DoneButReset() implements OnReply {}

  /// The call takes effect; its reply is held for this long, in real time.
  record TooLate(Duration by) implements OnReply {}

  /// The call takes effect only after this long, in the simulator's time: a slow request that
  /// arrives after the client's timeout.
  ///
  /// @param hangUp the client's connection is closed at once
  record Delayed(Duration by, boolean hangUp) implements OnReply {}

  /// The call has no effect.
  ///
  /// @param retryAfter the header's value: seconds, a date, nonsense
  /// @param html a page instead of the usual error
  record Refused(int status, @Nullable String retryAfter, boolean html) implements OnReply {
    public Refused(int status) {
      this(status, null, false);
    }

    @Override
    public Set<Operation> usualCalls() {
      return EnumSet.complementOf(EnumSet.of(Operation.WORK));
    }
  }

  /// The call has no effect and is refused with this message.
  record RefusedAs(int status, String code, String message) implements OnReply {}

  /// A reply of 200 with this body.
  ///
  /// @param done whether the call takes effect all the same
  record Junk(String body, boolean done) implements OnReply {}

  /// The call takes effect; the reply has another id, and lacks the input file.
  record OtherId(String id) implements OnReply {}

  // ------------------------------------------------------------------------------------- lists

  /// Strikes what a list shows.
  sealed interface OnList extends Fault {
    @Override
    default Set<Operation> usualCalls() {
      return EnumSet.of(Operation.LIST_BATCHES, Operation.LIST_FILES);
    }
  }

  /// What is younger than this is not listed.
  record ListLag(Duration by) implements OnList {}

  /// Every entry of a page comes twice.
  record DuplicatePage() implements OnList {}

  /// The entries of a page come in the opposite order, its cursors unchanged.
  record ReorderedPage() implements OnList {}

  // ------------------------------------------------------------------------- a batch as it looks

  /// Strikes what a retrieve shows, not what is.
  sealed interface OnView extends Fault {
    @Override
    default Set<Operation> usualCalls() {
      return EnumSet.of(Operation.RETRIEVE);
    }
  }

  record StuckIn(String status) implements OnView {}

  /// A batch that is over is shown as `in_progress`.
  record Regress() implements OnView {}

  record UnknownStatus(String status) implements OnView {}

  record WrongCounts() implements OnView {}

  /// Strikes only a batch that is `completed`.
  record CompletedWithoutOutputFile() implements OnView {}

  /// 404, as if it had never been.
  record Vanished() implements OnView {}

  // -------------------------------------------------------------------------- what becomes of it

  /// Strikes a batch for good.
  sealed interface OnWork extends Fault {
    @Override
    default Set<Operation> usualCalls() {
      return EnumSet.of(Operation.WORK);
    }
  }

  /// Decided when the input is validated.
  sealed interface Verdict extends OnWork {}

  record FailedWithLine(int line, String code) implements Verdict {}

  record FailedWithoutLine(String code) implements Verdict {}

  record TokenLimitExceeded() implements Verdict {}

  /// A limit that is kept to as long as the rule stands: decided when a batch is created, by its
  /// tokens and those of the batches of its model that are not over. A token is four bytes of the
  /// file.
  ///
  /// @param atOnce the create call is refused; else the batch is there, and has failed
  record EnqueuedTokens(long limit, boolean atOnce) implements OnWork {}

  /// Decided when the input is validated: a file with this text in any of its rows fails, and no
  /// line is named.
  record PoisonRow(String marker, String code) implements OnWork {}

  /// Decided when the output is made: this share is answered, the rest is `batch_expired`.
  record Expire(double share) implements OnWork {}

  // -------------------------------------------------------------------------------------- rows

  /// Strikes rows, each at most one of these; decided when the output is made.
  sealed interface OnRows extends OnWork {
    RowSelection rows();
  }

  /// Neither run nor billed nor in any file.
  record MissingRows(RowSelection rows) implements OnRows {}

  /// Twice in the output, billed once.
  record DuplicateRows(RowSelection rows) implements OnRows {}

  /// Run and billed, but answered under an unknown id.
  record UnknownCustomId(RowSelection rows) implements OnRows {}

  /// In the error file with this status; 0 is the glitch without a body. Not billed.
  record RowStatus(int status, RowSelection rows) implements OnRows {}

  /// Run and billed, but its line is broken.
  record NonJsonLine(RowSelection rows) implements OnRows {}

  /// Answered with these words so many times over.
  ///
  /// @param words the inside of a JSON string, as in `\\u0000`; unchecked
  record OddWords(String words, int times, RowSelection rows) implements OnRows {}

  // ------------------------------------------------------------------------------------- files

  /// Only this share is stored; the reply has the size that was sent.
  ///
  /// @param atLineEnd cut behind a line, so that what is left is valid
  record UploadTruncated(double keep, boolean atLineEnd) implements Fault {
    @Override
    public Set<Operation> usualCalls() {
      return EnumSet.of(Operation.UPLOAD);
    }
  }

  /// A file with more bytes is refused, as by a gateway's page.
  record FileTooLarge(long bytes) implements Fault {
    @Override
    public Set<Operation> usualCalls() {
      return EnumSet.of(Operation.UPLOAD);
    }
  }

  /// The file is `pending` for this long, in the simulator's time, and no batch can be made of it.
  ///
  /// @param isSpoilt it comes to `error` after that
  record Unprocessed(Duration by, boolean isSpoilt) implements Fault {
    @Override
    public Set<Operation> usualCalls() {
      return EnumSet.of(Operation.UPLOAD);
    }
  }

  /// The batch runs for so much longer, in the simulator's time.
  record SlowBatch(Duration by) implements Fault {
    @Override
    public Set<Operation> usualCalls() {
      return EnumSet.of(Operation.CREATE);
    }
  }

  /// Strikes a download.
  sealed interface OnContent extends Fault {
    @Override
    default Set<Operation> usualCalls() {
      return EnumSet.of(Operation.CONTENT);
    }
  }

  /// Ends after so many bytes.
  ///
  /// @param cleanEnd chunked with a proper end; else with the true `Content-Length` and cut
  record DownloadTruncated(long bytes, boolean cleanEnd) implements OnContent {}

  /// Chunked, and ends properly in the middle of a line in the middle of the file.
  record CutMidLine() implements OnContent {}

  /// 200, and a page.
  record HtmlInstead() implements OnContent {}

  /// Nothing comes after the headers.
  record DownloadHang() implements OnContent {}

  /// Announces this share of the true length. Less: what is sent ends there too; more: the
  /// connection is cut behind the last byte.
  record WrongLength(double share) implements OnContent {}

  /// Chunked, and ends properly in the middle of a character of several bytes.
  record CutMidCharacter() implements OnContent {}

  /// All of it comes, and never the end.
  record Endless() implements OnContent {}

  /// So many bytes at a time, without a pause that is long.
  record Trickle(int bytes, Duration every) implements OnContent {}

  /// A few bytes that claim to be packed, and would be many.
  record GzipBomb() implements OnContent {}

  /// So many bytes of empty lines behind the last one.
  record Padded(long bytes) implements OnContent {}

  /// The same lines as some other system would have written them.
  record Dressed(boolean byteOrderMark, boolean carriageReturns) implements OnContent {}

  /// The content of another file.
  record WrongFile(String fileId) implements Fault {
    @Override
    public Set<Operation> usualCalls() {
      return EnumSet.of(Operation.CONTENT);
    }
  }
}
