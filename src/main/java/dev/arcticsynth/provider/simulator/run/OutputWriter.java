package dev.arcticsynth.provider.simulator.run;

import static dev.arcticsynth.provider.simulator.run.BlockWriter.ascii;

import dev.arcticsynth.provider.simulator.fault.Fault;
import java.io.IOException;

/// Writes the rows of a batch, each into the file where it belongs, and counts them.
final class OutputWriter {
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] QUOTE_LINE = ascii("\"\n");

  private final InputRow inputRow;
  private final AnswerWriter answerWriter;
  private final RowWriter writer;
  private final BlockWriter output;
  private final BlockWriter errors;
  private final BlockWriter bill;
  private final boolean cancelled;
  private int billed;
  private int completed;
  private int failed;
  private long inputTokens;
  private long outputTokens;

  OutputWriter(
      InputRow inputRow,
      AnswerWriter answerWriter,
      RowWriter writer,
      BlockWriter output,
      BlockWriter errors,
      BlockWriter bill,
      boolean cancelled) {
    this.inputRow = inputRow;
    this.answerWriter = answerWriter;
    this.writer = writer;
    this.output = output;
    this.errors = errors;
    this.bill = bill;
    this.cancelled = cancelled;
  }

  void addAll(RowFaults rowFaults) throws IOException {
    for (int place = 0; place < rowFaults.total(); place++) {
      inputRow.moveTo(rowFaults.row(place));
      if (!rowFaults.isAnswered(place)) {
        notRun(place);
        continue;
      }
      var fault = rowFaults.fault(place);
      if (fault.isEmpty()) {
        writer.answer(output);
        bill();
      } else {
        struck(fault.get());
      }
    }
  }

  int billed() {
    return billed;
  }

  int completed() {
    return completed;
  }

  int failed() {
    return failed;
  }

  long inputTokens() {
    return inputTokens;
  }

  long outputTokens() {
    return outputTokens;
  }

  long outputBytes() {
    return output.written();
  }

  long errorBytes() {
    return errors.written();
  }

  /// Some rows of a cancelled batch are reported, others just missing; OpenAI documents neither.
  private void notRun(int place) throws IOException {
    if (!cancelled) {
      writer.expired(errors);
    } else if (place % 2 == 0) {
      writer.cancelled(errors);
    }
  }

  private void struck(Fault.OnRows fault) throws IOException {
    switch (fault) {
      case Fault.MissingRows _ -> completed++;
      case Fault.DuplicateRows _ -> {
        writer.answer(output);
        writer.answer(output);
        bill();
      }
      case Fault.UnknownCustomId _ -> {
        writer.answerToStranger(output);
        bill();
      }
      case Fault.RowStatus(int status, _) -> {
        writer.refused(errors, status);
        failed++;
      }
      case Fault.OddWords(String words, int times, _) -> {
        writer.answer(output, words, times);
        bill();
      }
      case Fault.NonJsonLine _ -> {
        writer.broken(output);
        bill();
      }
    }
  }

  private void bill() throws IOException {
    bill.put(QUOTE).put(inputRow.customId(), 0, inputRow.customIdLength()).put(QUOTE_LINE);
    billed++;
    completed++;
    inputTokens += AnswerWriter.inputTokens(inputRow);
    outputTokens += answerWriter.outputTokens(inputRow);
  }
}
