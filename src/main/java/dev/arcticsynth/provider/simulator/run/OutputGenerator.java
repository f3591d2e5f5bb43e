package dev.arcticsynth.provider.simulator.run;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.store.Disk;
import dev.arcticsynth.provider.simulator.store.FileStore;
import dev.arcticsynth.provider.simulator.store.Ledger;
import dev.arcticsynth.provider.simulator.store.StateJson;
import dev.arcticsynth.provider.simulator.store.StoredBatch;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Output;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Validation;
import dev.arcticsynth.provider.simulator.store.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Generates the output of a batch and bills it. Runs under the batch's lock; after a crash in
/// between it runs again and replaces the files of the first run.
public final class OutputGenerator {
  private static final Duration KEPT = Duration.ofDays(30);

  private final Disk disk;
  private final FileStore files;
  private final Ledger ledger;
  private final Faults faults;
  private final long seed;
  private final SimulatedApi simulatedApi;

  public OutputGenerator(
      Disk disk,
      FileStore files,
      Ledger ledger,
      Faults faults,
      long seed,
      SimulatedApi simulatedApi) {
    this.disk = disk;
    this.files = files;
    this.ledger = ledger;
    this.faults = faults;
    this.seed = seed;
    this.simulatedApi = simulatedApi;
  }

  Output harvest(StoredBatch batch, Validation validation) {
    Optional<Fault.Expire> expire =
        batch.cancelledAt() == null
            ? faults.take(Fault.Expire.class, Operation.WORK, batch.subject())
            : Optional.empty();
    double share = expire.map(Fault.Expire::share).orElseGet(batch::share);
    List<Fault.OnRows> struck = faults.takeAll(Fault.OnRows.class, Operation.WORK, batch.subject());
    long luck = struck.isEmpty() ? seed ^ batch.id().hashCode() : faults.nextSeed();
    RowFaults rowFaults = RowFaults.draw(validation.total(), share, struck, luck);
    try {
      return make(batch, validation, rowFaults, expire.isPresent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Output make(
      StoredBatch batch, Validation validation, RowFaults rowFaults, boolean expired)
      throws IOException {
    RowIndex index = RowIndex.read(disk.index(batch.id()));
    Instant at = batch.plan().answeredAt();
    AnswerWriter answerWriter =
        new AnswerWriter(
            simulatedApi.endpoint(batch.endpoint()).orElseThrow(),
            validation.model(),
            at.getEpochSecond());
    Path output = disk.temporary();
    Path errors = disk.temporary();
    Path billed = disk.temporary();
    try (Arena arena = Arena.ofConfined();
        FileChannel input = FileChannel.open(disk.input(batch.id()));
        BlockWriter out = new BlockWriter(output);
        BlockWriter err = new BlockWriter(errors);
        BlockWriter bill = new BlockWriter(billed)) {
      InputRow inputRow =
          new InputRow(input.map(MapMode.READ_ONLY, 0, input.size(), arena), index, batch.id());
      OutputWriter outputWriter =
          new OutputWriter(
              inputRow,
              answerWriter,
              new RowWriter(inputRow, answerWriter, simulatedApi),
              out,
              err,
              bill,
              batch.cancelledAt() != null);
      outputWriter.addAll(rowFaults);
      out.close();
      err.close();
      bill.close();
      return publish(batch, output, errors, billed, outputWriter, expired);
    }
  }

  /// The bill comes last but for the ledger, which forgives a second line for the same batch.
  private Output publish(
      StoredBatch batch,
      Path output,
      Path errors,
      Path billed,
      OutputWriter outputWriter,
      boolean expired) {
    String outputId = publish(batch, output, "output", outputWriter.outputBytes());
    String errorId = publish(batch, errors, "error", outputWriter.errorBytes());
    if (outputWriter.billed() > 0) {
      disk.publish(billed, disk.billed(batch.id()));
      ledger.append(
          batch.endsAt(),
          "batch_billed",
          StateJson.object()
              .put("batch", batch.id())
              .put("rows", outputWriter.billed())
              .put("input_tokens", outputWriter.inputTokens())
              .put("output_tokens", outputWriter.outputTokens()));
    } else {
      disk.remove(billed);
    }
    return new Output(
        expired,
        outputId,
        errorId,
        outputWriter.completed(),
        outputWriter.failed(),
        outputWriter.inputTokens(),
        outputWriter.outputTokens());
  }

  private @Nullable String publish(StoredBatch batch, Path made, String kind, long bytes) {
    // Azure names a file of errors even where there are none.
    if (bytes == 0 && !(simulatedApi == SimulatedApi.AZURE && kind.equals("error"))) {
      disk.remove(made);
      return null;
    }
    String id = batch.id().replace("batch_", "file-") + kind.charAt(0);
    Long seconds = batch.outputExpiresAfter();
    Instant at = batch.endsAt();
    files.add(
        new StoredFile(
            id,
            "%s_%s.jsonl".formatted(batch.id(), kind),
            "batch_output",
            bytes,
            at,
            at.plus(seconds == null ? KEPT : Duration.ofSeconds(seconds)),
            null,
            false),
        made);
    return id;
  }
}
