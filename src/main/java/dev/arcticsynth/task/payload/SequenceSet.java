package dev.arcticsynth.task.payload;

import io.vertx.mutiny.sqlclient.Row;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Ascending sequence numbers of the lines of a chunk. Without gaps it is two numbers; with gaps it
/// keeps each distance, one to five bytes a line on its wire (a base-128 varint).
public final class SequenceSet {

  private final long first;
  private final int count;
  private final int @Nullable [] offsets;

  private SequenceSet(long first, int count, int @Nullable [] offsets) {
    this.first = first;
    this.count = count;
    this.offsets = offsets;
  }

  public static SequenceSet range(long first, int count) {
    return new SequenceSet(first, count, null);
  }

  /// @param offsets ascending distances from `first`, the first of them 0
  public static SequenceSet of(long first, int[] offsets) {
    boolean dense = offsets[offsets.length - 1] == offsets.length - 1;
    return new SequenceSet(first, offsets.length, dense ? null : offsets.clone());
  }

  /// Reads what [#gaps] wrote.
  public static SequenceSet read(long first, int count, byte @Nullable [] gaps) {
    if (gaps == null) {
      return range(first, count);
    }
    int[] offsets = new int[count];
    int at = 0;
    for (int i = 1; i < count; i++) {
      int distance = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = gaps[at++];
        distance |= (b & 0x7F) << shift;
        if (b >= 0) {
          break;
        }
      }
      offsets[i] = offsets[i - 1] + distance;
    }
    return new SequenceSet(first, count, offsets);
  }

  static SequenceSet read(Row row, String countColumn) {
    var gaps = row.getBuffer("seqs");
    return read(
        row.getLong("first_seq"),
        row.getInteger(countColumn),
        gaps == null ? null : gaps.getBytes());
  }

  /// The distances as bytes; null when there is no gap.
  public byte @Nullable [] gaps() {
    if (offsets == null) {
      return null;
    }
    var out = new ByteArrayOutputStream(count + 16);
    for (int i = 1; i < count; i++) {
      int distance = offsets[i] - offsets[i - 1];
      for (; distance > 0x7F; distance >>>= 7) {
        out.write(distance & 0x7F | 0x80);
      }
      out.write(distance);
    }
    return out.toByteArray();
  }

  public long first() {
    return first;
  }

  public long last() {
    return at(count - 1);
  }

  public int count() {
    return count;
  }

  public long at(int line) {
    return first + (offsets == null ? line : offsets[line]);
  }

  /// The first line whose number is at least `seq`; `count()` when there is none.
  public int lineOf(long seq) {
    if (seq <= first) {
      return 0;
    }
    if (offsets == null) {
      return (int) Math.min(count, seq - first);
    }
    if (seq - first > Integer.MAX_VALUE) {
      return count;
    }
    int found = Arrays.binarySearch(offsets, (int) (seq - first));
    return found >= 0 ? found : -found - 1;
  }

  /// The same lines, numbered from another start.
  public SequenceSet startingAt(long other) {
    return new SequenceSet(other, count, offsets);
  }
}
