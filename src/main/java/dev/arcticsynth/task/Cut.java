package dev.arcticsynth.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.UUID;

/// Which requests a partition is made of.
///
/// @param firstSeq sequence number of its first request; with gaps where models alternate
/// @param wireBytes exact size of its file
public record Cut(
    PartitionKind kind,
    String model,
    String endpoint,
    long firstSeq,
    long lastSeq,
    int requests,
    long wireBytes) {

  /// The id of a partition is made of what it is, by RFC 9562's version 3: where a fail-over has
  /// made the database forget it, it is cut again under the same id, and its batch is found. A
  /// task's id is random, and so is this for anybody else.
  UUID idOf(UUID taskId, int ordinal, int tries) {
    var what =
        List.of(
            taskId, ordinal, tries, kind, model, endpoint, firstSeq, lastSeq, requests, wireBytes);
    return UUID.nameUUIDFromBytes(what.toString().getBytes(UTF_8));
  }
}
