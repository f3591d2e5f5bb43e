package dev.arcticsynth.pipeline.ingest;

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
/// One instance a body; fed by one thread at a time.
final class LineBlockSplitter {

  private static final int BLOCK_BYTES = 1 << 20;
  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final int maxLine;
  private final long maxBytes;
  private GrowableBytes open = new GrowableBytes(BLOCK_BYTES + 64 * 1024);
  private int lineFrom;
  private boolean skipping;
  private long seen;
  private int index;

  /// @param maxLine longest line in bytes, without its end
  /// @param maxBytes longest body in bytes
  LineBlockSplitter(int maxLine, long maxBytes) {
    this.maxLine = maxLine;
    this.maxBytes = maxBytes;
  }

  /// About a MiB of whole lines of a body.
  ///
  /// @param index counts blocks of one body from 0
  /// @param cut the last line was longer than allowed and is not here; it still counts as a line
  record LineBlock(int index, byte[] bytes, int length, boolean cut) {}

  /// Fails with [BodyTooLargeException] as soon as the body is longer than allowed.
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
        open.write(buffer, from, end - from);
        if (open.size() - lineFrom > maxLine) {
          full.add(cutOff());
          skipping = true;
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

  private List<LineBlock> rest() {
    if (open.size() > lineFrom) {
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
      bytes = java.util.Arrays.copyOfRange(bytes, BOM.length, length);
      length -= BOM.length;
    }
    open = new GrowableBytes(BLOCK_BYTES + 64 * 1024);
    lineFrom = 0;
    return new LineBlock(index++, bytes, length, cut);
  }
}
