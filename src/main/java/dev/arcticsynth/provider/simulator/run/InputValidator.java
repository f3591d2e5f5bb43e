package dev.arcticsynth.provider.simulator.run;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.store.BatchError;
import dev.arcticsynth.provider.simulator.store.Disk;
import dev.arcticsynth.provider.simulator.store.FileStore;
import dev.arcticsynth.provider.simulator.store.StoredBatch;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Validation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Validates the input of a batch as a whole, and leaves an index of its rows if it is sound.
public final class InputValidator {
  private static final int ERRORS = 100;

  private final Disk disk;
  private final FileStore files;
  private final Faults faults;
  private final SimulatedApi simulatedApi;
  private final int maxRequests;

  public InputValidator(
      Disk disk, FileStore files, Faults faults, SimulatedApi simulatedApi, int maxRequests) {
    this.simulatedApi = simulatedApi;
    this.disk = disk;
    this.files = files;
    this.faults = faults;
    this.maxRequests = maxRequests;
  }

  Validation check(StoredBatch batch) {
    Optional<Fault.Verdict> verdict =
        faults.take(Fault.Verdict.class, Operation.WORK, batch.subject());
    if (verdict.isPresent()) {
      return Validation.failed(error(verdict.get()));
    }
    Optional<Instant> deleted = files.deletedAt(batch.inputFileId());
    if (deleted.isPresent() && !deleted.get().isAfter(batch.plan().validatedAt())) {
      return Validation.failed(
          BatchError.of("file_not_found", "The input file cannot be found or accessed."));
    }
    try {
      return scan(batch, simulatedApi.endpoint(batch.endpoint()).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Validation scan(StoredBatch batch, Endpoint endpoint) throws IOException {
    RowParser row = new RowParser(simulatedApi, endpoint);
    RowIndex index = new RowIndex();
    LongHashSet longHashSet = new LongHashSet();
    List<BatchError> errors = new ArrayList<>();
    List<Poison> poisons = poisons(batch);
    String model = "";
    long inputs = 0;
    int number = 0;
    try (LineReader lines = new LineReader(disk.input(batch.id()))) {
      while (lines.next() && errors.size() < ERRORS) {
        number++;
        for (Poison poison : poisons) {
          if (poison.isIn(lines.bytes(), lines.from(), lines.to())) {
            return Validation.failed(poison.error());
          }
        }
        Optional<BatchError> wrong = row.parse(lines.bytes(), lines.from(), lines.to(), number);
        if (wrong.isPresent()) {
          errors.add(wrong.get());
          continue;
        }
        model = model.isEmpty() ? row.model() : model;
        if (!model.equals(row.model())) {
          errors.add(mismatch(number, model));
        }
        if (!longHashSet.add(row.customIdHash())) {
          errors.add(duplicate(number));
        }
        inputs += endpoint == Endpoint.EMBEDDINGS ? row.inputs() : 1;
        if (inputs > maxRequests) {
          return Validation.failed(tooMany());
        }
        index.add(lines.offset(), row.customId(), row.prompt(), row.inputs());
      }
    }
    if (number == 0) {
      return Validation.failed(BatchError.of("empty_file", "The input file is empty."));
    }
    if (errors.isEmpty()) {
      Path temporary = disk.temporary();
      index.write(temporary);
      disk.publish(temporary, disk.index(batch.id()));
    }
    return new Validation(errors.isEmpty() ? number : 0, model, errors);
  }

  private List<Poison> poisons(StoredBatch batch) {
    return faults.takeAll(Fault.PoisonRow.class, Operation.WORK, batch.subject()).stream()
        .map(row -> new Poison(row.marker().getBytes(StandardCharsets.UTF_8), row.code()))
        .toList();
  }

  /// A text that no row may have.
  private record Poison(byte[] marker, String code) {
    boolean isIn(byte[] line, int from, int to) {
      for (int at = from; at + marker.length <= to; at++) {
        if (Arrays.equals(line, at, at + marker.length, marker, 0, marker.length)) {
          return true;
        }
      }
      return false;
    }

    BatchError error() {
      return BatchError.of(code, "Something in the file cannot be processed.");
    }
  }

  private BatchError tooMany() {
    return BatchError.of(
        "too_many_tasks",
        "The batch has too many tasks: a batch takes %d at most.".formatted(maxRequests));
  }

  private static BatchError mismatch(int line, String model) {
    return new BatchError(
        "mismatched_model",
        "All requests of a batch must name the same model; the first names '%s'.".formatted(model),
        "body.model",
        line);
  }

  private static BatchError duplicate(int line) {
    return new BatchError(
        "duplicate_custom_id",
        "The custom_id of this line was used in a line before.",
        "custom_id",
        line);
  }

  private static BatchError error(Fault.Verdict verdict) {
    return switch (verdict) {
      case Fault.FailedWithLine(int line, String code) ->
          BatchError.at(line, code, "The simulator was asked to find fault with this line.");
      case Fault.FailedWithoutLine(String code) ->
          BatchError.of(code, "The simulator was asked to find fault with this batch.");
      case Fault.TokenLimitExceeded _ ->
          BatchError.of(
              "token_limit_exceeded",
              "Enqueued token limit reached for the model in organization org-simulator. Limit:"
                  + " 90,000 enqueued tokens. Please try again once some in_progress batches have"
                  + " been completed.");
    };
  }
}
