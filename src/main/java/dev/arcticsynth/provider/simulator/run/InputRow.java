package dev.arcticsynth.provider.simulator.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The row that is being answered: the text of its request, with its escapes. One object serves all
/// rows of a batch, one after another.
final class InputRow {
  private static final int QUOTED = 96;

  private final MemorySegment input;
  private final RowIndex index;
  private final long batch;
  private byte[] customId = new byte[256];
  private int customIdLength;
  private final byte[] words = new byte[QUOTED];
  private int wordsLength;
  private int row;

  InputRow(MemorySegment input, RowIndex index, String batchId) {
    this.input = input;
    this.index = index;
    this.batch = Hash64.of(batchId.hashCode());
  }

  void moveTo(int row) {
    this.row = row;
    customIdLength = index.customIdLength(row);
    if (customIdLength > customId.length) {
      customId = Arrays.copyOf(customId, customIdLength);
    }
    copy(index.customIdAt(row), customId, customIdLength);
    int length = Math.min(QUOTED, index.promptLength(row));
    copy(index.promptAt(row), words, length);
    wordsLength = length < index.promptLength(row) ? wholeWords(length) : length;
  }

  byte[] customId() {
    return customId;
  }

  int customIdLength() {
    return customIdLength;
  }

  /// The first words of the prompt.
  byte[] words() {
    return words;
  }

  int wordsLength() {
    return wordsLength;
  }

  /// Bytes of the whole prompt.
  int promptLength() {
    return index.promptLength(row);
  }

  int inputs() {
    return Math.max(1, index.inputs(row));
  }

  /// A number that no other row has.
  long number(int salt) {
    return Hash64.of(batch ^ ((long) salt << 32) ^ row);
  }

  private void copy(long at, byte[] target, int length) {
    MemorySegment.copy(input, ValueLayout.JAVA_BYTE, at, target, 0, length);
  }

  /// A cut behind a blank hits neither an escape nor a character; with no blank nothing is quoted.
  private int wholeWords(int length) {
    int end = length;
    while (end > 0 && words[end - 1] != ' ') {
      end--;
    }
    return Math.max(0, end - 1);
  }
}
