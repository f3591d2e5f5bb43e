package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.pipeline.retry.Backoff;
import dev.arcticsynth.task.Partition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What becomes of a download: whether it is all there is, and whether it is of use.
sealed interface DownloadVerdict {

  /// What is there counts, and the rest is missing.
  ///
  /// @param because why, if something is
  record Taken(Optional<String> because) implements DownloadVerdict {}

  /// It is fetched once more.
  ///
  /// @param digest of files that came whole and lack answers
  /// @param isUseful answers are among them
  record Again(String reason, Optional<String> digest, boolean isUseful)
      implements DownloadVerdict {}

  /// None of the answers can be used, and they are left where they are.
  record Unread(String reason) implements DownloadVerdict {}

  /// Judges files by their index. Blocks.
  ///
  /// @param transfers answers before refusals; only on the last try one that is not whole
  static DownloadVerdict of(
      Partition partition,
      List<Transfer> transfers,
      AnswerIndex answerIndex,
      boolean lastTry,
      Backoff backoff)
      throws IOException {
    Optional<String> shortfall = shortfall(partition, transfers, answerIndex);
    if (shortfall.isEmpty()) {
      return new Taken(Optional.empty());
    }
    boolean isWhole = !isCut(answerIndex) && transfers.stream().allMatch(Transfer::isWhole);
    Optional<String> digest = isWhole ? Optional.of(digest(transfers)) : Optional.empty();
    boolean isRepeated =
        digest.flatMap(partition::transferredSince).filter(backoff::isLongEnoughSince).isPresent();
    if (!lastTry && !isRepeated) {
      return new Again(shortfall.get(), digest, answerIndex.lines() > 0);
    }
    // What a person's retry finds to be gone still is missing for good.
    boolean isLost = partition.rereads() > 0 && transfers.stream().anyMatch(Transfer::isGone);
    return isUnread(partition, transfers, answerIndex) && !isLost
        ? new Unread(what(transfers, answerIndex))
        : new Taken(shortfall);
  }

  /// Why these files cannot be all there is.
  private static Optional<String> shortfall(
      Partition partition, List<Transfer> transfers, AnswerIndex answerIndex) {
    Optional<Transfer> failed = transfers.stream().filter(one -> !one.isWhole()).findFirst();
    int expected = partition.answersExpected().orElse(0);
    if (failed.isPresent()) {
      return failed.map(Transfer::reason);
    }
    if (isCut(answerIndex)) {
      return Optional.of("A file of answers ends in the middle of a line.");
    }
    if (answerIndex.placed() < expected) {
      // Lines of other batches are not what was counted: the wrong file may have come.
      return Optional.of(
          "The provider counts %d answers, the files hold %d of this batch."
              .formatted(expected, answerIndex.placed()));
    }
    return isUnread(partition, transfers, answerIndex)
        ? Optional.of("No answer of this batch is in its file.")
        : Optional.empty();
  }

  /// What holds no answer at all does not end in the middle of one.
  private static boolean isCut(AnswerIndex answerIndex) {
    return answerIndex.isCut() && answerIndex.placed() > 0;
  }

  /// No line of the first file, which holds the answers, is one of the batch. A file of refusals
  /// costs nothing and may be missing.
  private static boolean isUnread(
      Partition partition, List<Transfer> transfers, AnswerIndex answerIndex) {
    if (transfers.isEmpty() || answerIndex.matchedOf(0) > 0) {
      return false;
    }
    int expected = partition.answersExpected().orElse(0);
    if (expected > 0) {
      return answerIndex.placed() < expected;
    }
    boolean saysCompleted =
        partition.providerStatus().filter("completed"::equalsIgnoreCase).isPresent();
    return !transfers.getFirst().isWhole()
        || answerIndex.linesOf(0) > 0
        || saysCompleted && answerIndex.placed() == 0;
  }

  private static String what(List<Transfer> transfers, AnswerIndex answerIndex) throws IOException {
    Transfer first = transfers.getFirst();
    if (!first.isWhole()) {
      return first.reason();
    }
    String label = first.label().isEmpty() ? "" : " (%s)".formatted(first.label());
    return "file %s%s is %s"
        .formatted(
            ContentShape.printable(first.fileId()),
            label,
            answerIndex
                .strangerOf(0)
                .map(id ->
                    "%,d lines of which none has an id that was sent; the first one has \"%s\""
                        .formatted(answerIndex.linesOf(0), ContentShape.printable(id)))
                .orElse(ContentShape.of(first.path())));
  }

  private static String digest(List<Transfer> transfers) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[64 * 1024];
    for (Transfer transfer : transfers) {
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, Files.size(transfer.path())));
      try (InputStream in = Files.newInputStream(transfer.path())) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          digest.update(buffer, 0, read);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new UncheckedIOException(new IOException(everyJavaHasIt));
    }
  }
}
