package dev.arcticsynth.pipeline.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.pipeline.ingest.InvalidLinesException.LineProblem;
import dev.arcticsynth.pipeline.ingest.LineBlockSplitter.LineBlock;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lines as they are stored, as text.
///
/// @param id the caller's id as JSON, or `-`
record Parsed(String id, String body, String model, String endpoint) {

  static final RequestDefaults NONE =
      RequestDefaults.of(Optional.empty(), RequestUrls.CHAT, Optional.empty());

  static final IngestConfig LIMITS = limits(1 << 24, 256);

  static IngestConfig limits(int maxLineBytes, int maxModels) {
    return new SmallRyeConfigBuilder()
        .withMapping(IngestConfig.class)
        .withDefaultValue("arctic.ingest.max-line-bytes", String.valueOf(maxLineBytes))
        .withDefaultValue("arctic.ingest.max-models", String.valueOf(maxModels))
        .build()
        .getConfigMapping(IngestConfig.class);
  }

  static ParsedBlock parse(RequestDefaults defaults, byte[] text) {
    return new RequestParser(defaults, "t", LIMITS)
        .parse(new LineBlock(0, text, text.length, false), 0);
  }

  static ParsedBlock parse(String text) {
    return parse(NONE, text.getBytes(UTF_8));
  }

  /// The requests of a block, chunk by chunk; fails where a line was refused.
  static List<Parsed> of(ParsedBlock block) {
    if (block.problemsTotal() > 0) {
      throw new AssertionError("Refused: " + block.problems());
    }
    var all = new ArrayList<Parsed>();
    for (var chunk : block.chunks()) {
      var requests = new StoredRequests(chunk.raw());
      while (requests.next()) {
        byte[] id = requests.customId();
        all.add(
            new Parsed(
                id == null ? "-" : new String(id, UTF_8),
                new String(requests.body(), UTF_8),
                chunk.model(),
                chunk.endpoint()));
      }
    }
    return all;
  }

  static Parsed line(RequestDefaults defaults, String line) {
    return of(parse(defaults, (line + "\n").getBytes(UTF_8))).getFirst();
  }

  static Parsed line(String line) {
    return line(NONE, line);
  }

  /// The one problem of a line.
  static LineProblem problem(byte[] line) {
    byte[] text = java.util.Arrays.copyOf(line, line.length + 1);
    text[line.length] = '\n';
    ParsedBlock block = parse(NONE, text);
    if (block.problemsTotal() != 1) {
      throw new AssertionError("Problems: " + block.problems());
    }
    return block.problems().getFirst();
  }

  static LineProblem problem(String line) {
    return problem(line.getBytes(UTF_8));
  }
}
