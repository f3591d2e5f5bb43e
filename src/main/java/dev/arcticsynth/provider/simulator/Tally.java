package dev.arcticsynth.provider.simulator;

import static dev.arcticsynth.provider.simulator.BlockWriter.ascii;

import java.io.IOException;

/// Writes the rows of a batch, each into the file where it belongs, and counts them.
final class Tally {
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] QUOTE_LINE = ascii("\"\n");

  private final Row row;
  private final Answers answers;
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

  Tally(
      Row row,
      Answers answers,
      RowWriter writer,
      BlockWriter output,
      BlockWriter errors,
      BlockWriter bill,
      boolean cancelled) {
    this.row = row;
    this.answers = answers;
    this.writer = writer;
    this.output = output;
    this.errors = errors;
    this.bill = bill;
    this.cancelled = cancelled;
  }

  void addAll(Fates fates) throws IOException {
    for (int place = 0; place < fates.total(); place++) {
      row.moveTo(fates.row(place));
      if (!fates.isAnswered(place)) {
        notRun(place);
        continue;
      }
      var fault = fates.fault(place);
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
    bill.put(QUOTE).put(row.customId(), 0, row.customIdLength()).put(QUOTE_LINE);
    billed++;
    completed++;
    inputTokens += Answers.inputTokens(row);
    outputTokens += answers.outputTokens(row);
  }
}
