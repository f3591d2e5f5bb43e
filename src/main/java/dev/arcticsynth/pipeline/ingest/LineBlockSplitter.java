package dev.arcticsynth.pipeline.ingest;

import dev.arcticsynth.pipeline.body.BodyMemory;
import dev.arcticsynth.pipeline.lines.ByteScanner;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/// Cuts a body that arrives in buffers into blocks of whole lines, in bounded memory whatever the
/// body is made of. Lines end with `\n`; nothing else ends a line (`\u2028` inside strings must
/// not).
///
/// Memory grows with what has arrived, and is counted before it is taken.
///
/// One instance a body; fed by one thread at a time.
final class LineBlockSplitter {

  static final int BLOCK_BYTES = 1 << 20;

  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final int maxLine;
  private final long maxBytes;
  private final BodyMemory.Share memory;
  private GrowableBytes open = new GrowableBytes(BodyMemory.UNCOUNTED);
  private int lineFrom;
  private boolean skipping;
  private long seen;
  private int index;

  /// @param maxLine longest line in bytes, without its end
  /// @param maxBytes longest body in bytes
  LineBlockSplitter(int maxLine, long maxBytes, BodyMemory.Share memory) {
    this.maxLine = maxLine;
    this.maxBytes = maxBytes;
    this.memory = memory;
  }

  /// About a MiB of whole lines of a body.
  ///
  /// @param index counts blocks of one body from 0
  /// @param bytes counted in the call's share of the memory; a copy of its lines is not
  /// @param cut the last line was longer than allowed and is not here; it still counts as a line
  record LineBlock(int index, byte[] bytes, int length, boolean cut) {
    /// What the share gets back once the block is not needed any more.
    int counted() {
      return bytes.length - BodyMemory.UNCOUNTED;
    }
  }

  /// Fails with [BodyTooLargeException] as soon as the body is longer than allowed, and with
  /// [BusyException] where there is no memory for it.
  Multi<LineBlock> of(Multi<Buffer> body) {
    return Multi.createBy()
        .concatenating()
        .streams(
            body.onItem()
                .transformToMultiAndConcatenate(
                    buffer -> Multi.createFrom().iterable(add(buffer.getDelegate().getBytes()))),
            Multi.createFrom().deferred(() -> Multi.createFrom().iterable(rest())));
  }

  private List<LineBlock> add(byte[] buffer) {
    seen += buffer.length;
    if (seen > maxBytes) {
      throw new BodyTooLargeException(maxBytes);
    }
    var full = new ArrayList<LineBlock>(1);
    int from = 0;
    while (from < buffer.length) {
      int end = ByteScanner.newline(buffer, from, buffer.length);
      boolean ended = end < buffer.length;
      if (!skipping) {
        if (open.size() - lineFrom + end - from > maxLine) {
          full.add(cutOff());
          skipping = true;
        } else {
          makeRoom(end - from + 1);
          open.write(buffer, from, end - from);
        }
      }
      if (ended) {
        if (skipping) {
          skipping = false;
        } else {
          open.write('\n');
          lineFrom = open.size();
          if (lineFrom >= BLOCK_BYTES) {
            full.add(block(lineFrom, false));
          }
        }
      }
      from = end + 1;
    }
    return full;
  }

  /// Doubles, but takes no more than the longest line needs. Both arrays live while the bytes are
  /// copied.
  private void makeRoom(int more) {
    int needed = open.size() + more;
    int before = open.capacity();
    if (needed > before) {
      long longest = Math.max(needed, (long) BLOCK_BYTES + maxLine);
      int capacity = (int) Math.min(Math.max(needed, before * 2L), longest);
      memory.grow(capacity);
      open.reserve(capacity);
      memory.shrink(before);
    }
  }

  private List<LineBlock> rest() {
    if (open.size() > lineFrom) {
      makeRoom(1);
      open.write('\n');
      lineFrom = open.size();
    }
    return lineFrom == 0 ? List.of() : List.of(block(lineFrom, false));
  }

  private LineBlock cutOff() {
    return block(lineFrom, true);
  }

  private LineBlock block(int length, boolean cut) {
    byte[] bytes = open.array();
    if (index == 0 && length >= BOM.length && java.util.Arrays.mismatch(bytes, BOM) == BOM.length) {
      System.arraycopy(bytes, BOM.length, bytes, 0, length - BOM.length);
      length -= BOM.length;
    }
    open = new GrowableBytes(BodyMemory.UNCOUNTED);
    lineFrom = 0;
    return new LineBlock(index++, bytes, length, cut);
  }
}
