package dev.arcticsynth.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.UUID;

/// Which requests a partition is made of.
///
/// @param firstSeq sequence number of its first request; with gaps where models alternate
/// @param wireBytes exact size of its file
public record PartitionSpec(
    PartitionKind kind,
    String model,
    String endpoint,
    long firstSeq,
    long lastSeq,
    int requests,
    long wireBytes) {

  private static final int BYTES_A_TOKEN = 4;

  /// An estimate of its input tokens from the size of its requests.
  ///
  /// Only the provider can count them. OpenAI's rule of thumb is a token for four characters of
  /// English, and Azure estimates what is enqueued from characters as well. Bytes on the wire are
  /// more than characters of prompts, so the estimate is high where lines are short or hold images,
  /// and low for scripts of several bytes a character whose characters are a token each. A limit
  /// that was learned from refusals is in the same estimates, and so makes up for that.
  long estimatedTokens() {
    return Math.max(1, wireBytes / BYTES_A_TOKEN);
  }

  /// The id of a partition is made of what it is, by RFC 9562's version 3: where it was lost in a
  /// fail-over, it is cut again under the same id, and its batch is found. A task's id is random,
  /// so this one cannot be guessed.
  UUID idOf(UUID taskId, int ordinal, int requestAttempt) {
    var what =
        List.of(
            taskId,
            ordinal,
            requestAttempt,
            kind,
            model,
            endpoint,
            firstSeq,
            lastSeq,
            requests,
            wireBytes);
    return UUID.nameUUIDFromBytes(what.toString().getBytes(UTF_8));
  }
}
