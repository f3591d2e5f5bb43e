package dev.arcticsynth.pipeline.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
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
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final RequestDefaults defaults;
  private final Pattern generatedForm;
  private final LinkedHashMap<Group, ChunkBuilder> groups = new LinkedHashMap<>();
  private final List<LineProblem> problems = new ArrayList<>();
  private long problemsTotal;
  private int requests;
  private final ByteScanner byteScanner = new ByteScanner();

  /// @param taskName its generated ids are `{taskName}_{n}`
  RequestParser(RequestDefaults defaults, String taskName) {
    this.defaults = defaults;
    this.generatedForm = CustomIds.generatedForm(taskName);
  }

  /// Parses one block; an instance parses one.
  ParsedBlock parse(LineBlock block) {
    byte[] bytes = block.bytes();
    int line = 0;
    int blanks = 0;
    int[] requestLines = new int[64];
    for (int from = 0; from < block.length(); line++) {
      int to = byteScanner.line(bytes, from);
      if (isBlank(bytes, from, to)) {
        blanks++;
      } else {
        if (requests == requestLines.length) {
          requestLines = Arrays.copyOf(requestLines, requests * 2);
        }
        requestLines[requests] = line;
        parseLine(bytes, from, to, line);
      }
      from = to + 1;
    }
    if (block.cut()) {
      bad(line++, null, "line_too_long", "the line is longer than arctic.ingest.max-line-bytes");
    }
    return new ParsedBlock(
        block.index(),
        line,
        requests,
        blanks == 0 ? new int[0] : Arrays.copyOf(requestLines, requests),
        groups.values().stream().map(ChunkBuilder::build).toList(),
        problems,
        problemsTotal);
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
          "nested deeper than 64, or a number longer than 100 or a name longer than 1024 characters");
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      bad(
          line,
          null,
          "invalid_json",
          at == null ? "not JSON" : "not JSON at column " + at.getColumnNr());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("Reading from memory cannot fail", e);
    }
  }

  private void add(RequestLine request) throws MalformedLineException {
    String id = request.customId();
    if (id != null) {
      requireUsable(id);
    }
    groups
        .computeIfAbsent(new Group(request.model(), request.endpoint()), ChunkBuilder::new)
        .add(request, requests++, id != null && generatedForm.matcher(id).matches());
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
    private final GrowableBytes raw = new GrowableBytes(64 * 1024);
    private int[] places = new int[64];
    private int count;
    private long bodyBytes;
    private long inputs;
    private final List<Long> hashes = new ArrayList<>();
    private boolean generated;
    private boolean lookalikes;

    ChunkBuilder(Group group) {
      this.group = group;
    }

    void add(RequestLine request, int place, boolean lookalike) {
      if (count == places.length) {
        places = Arrays.copyOf(places, count * 2);
      }
      places[count++] = place;
      bodyBytes += request.store(raw);
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
