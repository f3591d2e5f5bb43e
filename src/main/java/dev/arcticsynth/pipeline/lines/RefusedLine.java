package dev.arcticsynth.pipeline.lines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import java.util.List;

/// A line that the provider named when it refused a whole file. A poll puts these on record, the
/// partition's results are written by them.
///
/// @param line of the file, 1-based
public record RefusedLine(int line, String code, String message) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /// As the database keeps them.
  ///
  /// @param refusals each of a line
  public static String write(List<Refusal> refusals) {
    try {
      return JSON.writeValueAsString(refusals.stream().map(RefusedLine::of).distinct().toList());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Records can always be written", e);
    }
  }

  public static List<RefusedLine> read(String json) {
    try {
      return List.of(JSON.readValue(json, RefusedLine[].class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("We wrote it ourselves", e);
    }
  }

  private static RefusedLine of(Refusal refusal) {
    return new RefusedLine(refusal.line().orElseThrow(), refusal.code(), refusal.message());
  }
}
