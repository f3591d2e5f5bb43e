package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.pipeline.ingest.InvalidLinesException.LineProblem;
import java.util.List;

/// What a block holds, or a part of it.
///
/// @param next where the rest of the block begins; its length when there is none
/// @param lines all its lines, blank and bad ones included
/// @param requests good lines
/// @param requestLines for each request its line in the block, from 0; empty when no line is blank
/// @param problems the first bad lines, numbered from 0 within the block
/// @param problemsTotal all bad lines
record ParsedBlock(
    int index,
    int next,
    int lines,
    int requests,
    int[] requestLines,
    List<ParsedChunk> chunks,
    List<LineProblem> problems,
    long problemsTotal) {

  /// Bytes that are kept of it until the body is committed, about.
  long remembered() {
    long places = chunks.stream().mapToLong(chunk -> 200L + 4L * chunk.places().length).sum();
    return 200 + places + 4L * requestLines.length + 200L * problems.size();
  }

  /// Requests of one model and endpoint, ready to be stored.
  ///
  /// @param raw lines of `StoredRequests`
  /// @param places where in the block's requests each of them stands, from 0
  /// @param hashes of the ids that the caller gave; empty when there are none
  /// @param generated some requests have no id of the caller's
  /// @param lookalikes some ids have the form of generated ones
  record ParsedChunk(
      String model,
      String endpoint,
      byte[] raw,
      int[] places,
      long bodyBytes,
      long inputs,
      Long[] hashes,
      boolean generated,
      boolean lookalikes) {}
}
