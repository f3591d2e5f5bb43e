package dev.arcticsynth.pipeline.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.arcticsynth.pipeline.ingest.InvalidLinesException.LineProblem;
import dev.arcticsynth.pipeline.ingest.LineBlockSplitter.LineBlock;
import dev.arcticsynth.pipeline.ingest.ParsedBlock.ParsedChunk;
import dev.arcticsynth.pipeline.lines.ByteScanner;
import dev.arcticsynth.pipeline.lines.CustomIds;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a block of request lines once, streaming: checks each and cuts out its body untouched.
///
/// A line is an OpenAI batch line `{"custom_id","method","url","body"}` or a bare body with an
/// optional `custom_id`. Limits of depth, numbers and names:
/// `docs/RELIABILITY.md#limits-of-request-lines`.
final class RequestParser {

  private static final int MAX_ID = 1_024;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxNumberLength(100)
                  .maxNameLength(1_024)
                  // Of what is kept as text: names. What is only passed over has no limit.
                  .maxStringLength(64 * 1024)
                  .build())
          .build();

  /// So much is made of a block at a time, and one line more.
  static final int MOST_STORED = 2 * LineBlockSplitter.BLOCK_BYTES;

  private final RequestDefaults defaults;
  private final Pattern generatedForm;
  private final int maxLine;
  private final int maxModels;
  private final LinkedHashMap<Group, ChunkBuilder> groups = new LinkedHashMap<>();
  private final List<LineProblem> problems = new ArrayList<>();
  private long problemsTotal;
  private int requests;
  private long stored;
  private boolean endsWithin;
  private final ByteScanner byteScanner = new ByteScanner();

  /// @param taskName its generated ids are `{taskName}_{n}`
  RequestParser(RequestDefaults defaults, String taskName, IngestConfig limits) {
    this.defaults = defaults;
    this.maxLine = limits.maxLineBytes();
    this.maxModels = limits.maxModels();
    this.generatedForm = CustomIds.generatedForm(taskName);
  }

  /// Parses one block from a place on, up to its end or until much is stored; an instance parses
  /// once.
  ParsedBlock parse(LineBlock block, int begin) {
    byte[] bytes = block.bytes();
    int line = 0;
    int blanks = 0;
    int[] requestLines = new int[64];
    int from = begin;
    for (; from < block.length() && stored < MOST_STORED; line++) {
      int to = byteScanner.line(bytes, from);
      if (isBlank(bytes, from, to)) {
        blanks++;
      } else {
        if (requests == requestLines.length) {
          requestLines = Arrays.copyOf(requestLines, requests * 2);
        }
        requestLines[requests] = line;
        requireLines(block, bytes[from]);
        parseLine(bytes, from, to, line);
      }
      from = to + 1;
    }
    if (block.cut() && from >= block.length()) {
      bad(line++, null, "line_too_long", tooLong("the line is longer"));
    }
    return new ParsedBlock(
        block.index(),
        from,
        line,
        requests,
        blanks == 0 ? new int[0] : Arrays.copyOf(requestLines, requests),
        groups.values().stream().filter(chunk -> chunk.count > 0).map(ChunkBuilder::build).toList(),
        problems,
        problemsTotal);
  }

  /// Where the first object goes on in the next line, what is wrong is said once, and not of each
  /// line.
  private void requireLines(LineBlock block, byte first) {
    if (endsWithin && block.index() == 0 && problemsTotal == 1 && first != '{') {
      throw new InvalidLinesException(
          List.of(
              new LineProblem(
                  problems.getFirst().line() + 1,
                  null,
                  "json_over_several_lines",
                  "the JSON goes on in the next line: each request is one line; `jq -c . FILE` writes it so")),
          1);
    }
  }

  private void parseLine(byte[] bytes, int from, int to, int line) {
    Optional<String> noText =
        byteScanner.isSpecial() ? UnicodeCheck.problem(bytes, from, to) : Optional.empty();
    if (noText.isPresent()) {
      bad(line, null, "invalid_text", noText.get());
      return;
    }
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      var request = new RequestLine(bytes, from, byteScanner.isSpecial(), defaults);
      request.read(parser);
      add(request);
    } catch (MalformedLineException e) {
      bad(line, e.pointer(), e.code(), e.detail());
    } catch (StreamConstraintsException e) {
      bad(
          line,
          null,
          "limit_exceeded",
          "nested deeper than 64, or a number longer than 100, a name longer than 1024 or an id, url or model longer than 65536 characters");
    } catch (JsonEOFException e) {
      bad(line, null, "invalid_json", "not JSON: the line ends within it");
      endsWithin |= problemsTotal == 1 && requests == 0;
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      bad(
          line,
          null,
          "invalid_json",
          at == null ? "not JSON" : "not JSON at column " + at.getColumnNr());
      // Behind a comma, say: the parser wants a name, and does not call that an end.
      endsWithin |=
          at != null && at.getColumnNr() > to - from && problemsTotal == 1 && requests == 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Reading from memory cannot fail", e);
    }
  }

  private void add(RequestLine request) throws MalformedLineException {
    String id = request.customId();
    if (id != null) {
      requireUsable(id);
    }
    var group = new Group(request.model(), request.endpoint());
    ChunkBuilder chunk = groups.get(group);
    if (chunk == null) {
      if (groups.size() == maxModels) {
        throw new MalformedLineException(
            null, IngestAccumulator.TOO_MANY_MODELS, IngestAccumulator.tooManyModels(maxModels));
      }
      chunk = new ChunkBuilder(group);
      groups.put(group, chunk);
    }
    long length = chunk.write(request);
    if (length > maxLine) {
      chunk.discardWritten();
      throw new MalformedLineException(
          null, "line_too_long", tooLong("with the task's defaults the line is longer"));
    }
    chunk.keep(request, requests++, id != null && generatedForm.matcher(id).matches());
    stored += length;
  }

  private String tooLong(String what) {
    return "%s than %,d bytes (arctic.ingest.max-line-bytes)".formatted(what, maxLine);
  }

  private static void requireUsable(String id) throws MalformedLineException {
    if (id.isEmpty() || id.length() > MAX_ID || UnicodeCheck.hasControls(id)) {
      throw new MalformedLineException(
          "/custom_id",
          "invalid_custom_id",
          "an id has 1 to 1024 characters, none of them a control character");
    }
  }

  private void bad(int line, @Nullable String pointer, String code, String detail) {
    problemsTotal++;
    if (problems.size() < InvalidLinesException.MAX_LISTED) {
      problems.add(new LineProblem(line, pointer, code, detail));
    }
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] != ' ' && bytes[at] != '\r' && bytes[at] != '\t') {
        return false;
      }
    }
    return true;
  }

  private record Group(String model, String endpoint) {}

  /// Collects the requests of one model and endpoint.
  private static final class ChunkBuilder {
    private final Group group;
    private final GrowableBytes raw = new GrowableBytes(1_024);
    private int kept;
    private long length;
    private int[] places = new int[8];
    private int count;
    private long bodyBytes;
    private long inputs;
    private final List<Long> hashes = new ArrayList<>();
    private boolean generated;
    private boolean lookalikes;

    ChunkBuilder(Group group) {
      this.group = group;
    }

    /// The length of its body in bytes.
    long write(RequestLine request) {
      length = request.store(raw);
      return length;
    }

    void discardWritten() {
      raw.truncate(kept);
    }

    /// Keeps what was written last.
    void keep(RequestLine request, int place, boolean lookalike) {
      if (count == places.length) {
        places = Arrays.copyOf(places, count * 2);
      }
      places[count++] = place;
      kept = raw.size();
      bodyBytes += length;
      inputs += request.inputs();
      String id = request.customId();
      if (id == null) {
        generated = true;
      } else {
        hashes.add(CustomIds.hash(id));
        lookalikes |= lookalike;
      }
    }

    ParsedChunk build() {
      return new ParsedChunk(
          group.model(),
          group.endpoint(),
          raw.toByteArray(),
          Arrays.copyOf(places, count),
          bodyBytes,
          inputs,
          hashes.toArray(Long[]::new),
          generated,
          lookalikes);
    }
  }
}
