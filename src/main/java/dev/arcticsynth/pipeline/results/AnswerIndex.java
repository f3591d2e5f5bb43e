package dev.arcticsynth.pipeline.results;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.arcticsynth.pipeline.lines.ByteScanner;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.PartitionRequests.Located;
import dev.arcticsynth.pipeline.lines.RequestIds;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The staged answers of one batch attempt: files as they came, in any order, and an index by the
/// place of the request in its partition. About 30 bytes of heap a request; the answers themselves
/// stay on disk.
///
/// Everything in the files is hostile until read: what is no JSON, has an id that is not ours, or
/// stands twice, is counted and left out, and its request counts as unanswered.
final class AnswerIndex implements AutoCloseable {

  private static final int NONE = -1;

  /// A longer line is none that anybody could have been answered with.
  private static final int MAX_LINE = 1 << 30;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena = Arena.ofShared();
  private final Located located;
  private final RequestIds ids;
  private final MemorySegment[] files;
  private final byte[] file;
  private final long[] offset;
  private final int[] spans;
  private final Map<Integer, AnswerLine.Fault> faults = new HashMap<>();
  private int lines;
  private int unknown;
  private int broken;
  private int repeated;
  private final int[] linesOf;
  private final int[] matchedOf;
  private final @Nullable String[] strangerOf;
  private AnswerLine.Fault missing = AnswerLine.Fault.MISSING;
  private boolean cut;
  private long inputTokens;
  private long outputTokens;

  private AnswerIndex(Located located, RequestIds ids, int files) {
    this.located = located;
    this.ids = ids;
    this.files = new MemorySegment[files];
    this.linesOf = new int[files];
    this.matchedOf = new int[files];
    this.strangerOf = new String[files];
    this.file = new byte[located.count()];
    java.util.Arrays.fill(file, (byte) NONE);
    this.offset = new long[located.count()];
    this.spans = new int[located.count() * 4];
  }

  /// Reads the files once. Blocks; close the result to let go of the files.
  static AnswerIndex read(Located located, RequestIds ids, List<Path> paths) throws IOException {
    var answerIndex = new AnswerIndex(located, ids, paths.size());
    try {
      for (int i = 0; i < paths.size(); i++) {
        answerIndex.index(i, paths.get(i));
      }
      return answerIndex;
    } catch (IOException | RuntimeException e) {
      answerIndex.close();
      throw e;
    }
  }

  private void index(int number, Path path) throws IOException {
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      files[number] = bytes;
      byte[] line = new byte[16 * 1024];
      long size = bytes.byteSize();
      for (long from = 0; from < size; ) {
        long to = newline(bytes, from, size);
        if (to - from > MAX_LINE) {
          lines++;
          linesOf[number]++;
          broken++;
          from = to + 1;
          continue;
        }
        int length = (int) (to - from);
        if (length > line.length) {
          line = new byte[Math.max(length, line.length * 2)];
        }
        MemorySegment.copy(bytes, JAVA_BYTE, from, line, 0, length);
        boolean isWhole = take(number, from, line, length);
        // Without an end, the last line counts if it is whole all the same.
        cut |= to == size && !isWhole;
        from = to + 1;
      }
    }
  }

  private static long newline(MemorySegment bytes, long from, long size) {
    long at = from;
    for (; at + Long.BYTES <= size; at += Long.BYTES) {
      long found = ByteScanner.newlinesIn(bytes.get(WORD, at));
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < size && bytes.get(JAVA_BYTE, at) != '\n') {
      at++;
    }
    return at;
  }

  /// Whether it is a whole line, of whatever use.
  private boolean take(int number, long from, byte[] line, int length) {
    if (isBlank(line, length)) {
      return true;
    }
    lines++;
    linesOf[number]++;
    Optional<AnswerLine> read = AnswerLine.read(line, length);
    if (read.isEmpty()) {
      broken++;
      return false;
    }
    AnswerLine answer = read.get();
    var seq = ids.read(answer.wireId());
    int place = seq.isPresent() ? located.placeOf(seq.getAsLong()) : NONE;
    if (place < 0) {
      unknown++;
      if (strangerOf[number] == null) {
        strangerOf[number] = answer.wireId();
      }
    } else if (file[place] != NONE) {
      repeated++;
      matchedOf[number]++;
    } else {
      matchedOf[number]++;
      file[place] = (byte) number;
      offset[place] = from;
      answer.copySpans(spans, place * 4);
      answer.fault().ifPresent(fault -> faults.put(place, fault));
      inputTokens = sum(inputTokens, answer.inputTokens());
      outputTokens = sum(outputTokens, answer.outputTokens());
    }
    return true;
  }

  private static long sum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static boolean isBlank(byte[] line, int length) {
    for (int i = 0; i < length; i++) {
      if (line[i] != ' ' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  /// Lines of any kind.
  int lines() {
    return lines;
  }

  /// Lines that name a request of the partition for the first time.
  int placed() {
    return lines - unknown - broken - repeated;
  }

  /// Lines of any kind in a file.
  int linesOf(int number) {
    return linesOf[number];
  }

  /// Lines of a file that name a request of the partition.
  int matchedOf(int number) {
    return matchedOf[number];
  }

  /// The first id in a file that none of the requests has.
  Optional<String> strangerOf(int number) {
    return Optional.ofNullable(strangerOf[number]);
  }

  /// Why requests have no line.
  void missing(String because) {
    missing = AnswerLine.Fault.missing(because);
  }

  /// A file ends in the middle of a line.
  boolean isCut() {
    return cut;
  }

  /// What was left out, for the history; empty when nothing was.
  Optional<String> oddities() {
    return unknown + broken + repeated == 0
        ? Optional.empty()
        : Optional.of("unknown=%d broken=%d repeated=%d".formatted(unknown, broken, repeated));
  }

  long inputTokens() {
    return inputTokens;
  }

  long outputTokens() {
    return outputTokens;
  }

  boolean succeeded(int place) {
    return file[place] != NONE && !faults.containsKey(place);
  }

  /// Why a request has no good answer.
  AnswerLine.Fault fault(int place) {
    return faults.getOrDefault(place, missing);
  }

  /// Appends the provider's id of an answer as JSON.
  void writeId(int place, GrowableBytes out) {
    write(place, 0, out);
  }

  /// Appends the member `response` of an answer, byte for byte.
  void writeResponse(int place, GrowableBytes out) {
    write(place, 2, out);
  }

  /// The member `response` of a bad answer, if it has one.
  Optional<byte[]> response(int place) {
    if (file[place] == NONE || spans[place * 4 + 3] == 0) {
      return Optional.empty();
    }
    var out = new GrowableBytes(spans[place * 4 + 3]);
    writeResponse(place, out);
    return Optional.of(out.toByteArray());
  }

  private void write(int place, int span, GrowableBytes out) {
    int length = spans[place * 4 + span + 1];
    if (length == 0) {
      out.write(NULL);
      return;
    }
    byte[] bytes = new byte[length];
    MemorySegment.copy(
        files[file[place]], JAVA_BYTE, offset[place] + spans[place * 4 + span], bytes, 0, length);
    out.write(bytes);
  }

  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  @Override
  public void close() {
    arena.close();
  }
}
