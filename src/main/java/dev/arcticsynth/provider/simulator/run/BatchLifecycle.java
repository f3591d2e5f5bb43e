package dev.arcticsynth.provider.simulator.run;

import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.BatchError;
import dev.arcticsynth.provider.simulator.store.Disk;
import dev.arcticsynth.provider.simulator.store.FileStore;
import dev.arcticsynth.provider.simulator.store.Ledger;
import dev.arcticsynth.provider.simulator.store.StateJson;
import dev.arcticsynth.provider.simulator.store.StoredBatch;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Status;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Validation;
import dev.arcticsynth.provider.simulator.store.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Moves batches on. There is no background work: each access to a batch does the work that was due
/// by then, under a lock, so that it is done once.
public final class BatchLifecycle {
  private final Disk disk;
  private final FileStore files;
  private final TokenQueue queue;
  private final InputValidator check;
  private final OutputGenerator outputGenerator;
  private final Ledger ledger;
  private final InstantSource clock;

  public BatchLifecycle(
      Disk disk,
      FileStore files,
      TokenQueue queue,
      InputValidator check,
      OutputGenerator outputGenerator,
      Ledger ledger,
      InstantSource clock) {
    this.disk = disk;
    this.files = files;
    this.queue = queue;
    this.check = check;
    this.outputGenerator = outputGenerator;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// Holds the input's lock: once a deletion has returned, nothing can start from the file. One
  /// batch at a time, so that two do not use the same headroom.
  public synchronized StoredBatch start(StoredBatch created) {
    return disk.locked(
        created.inputFileId(),
        () -> {
          StoredFile _ = input(created.inputFileId());
          Optional<BatchError> full = queue.refusal(created, clock.instant());
          StoredBatch batch = full.map(Validation::failed).map(created::with).orElse(created);
          try {
            Path _ = Files.createLink(disk.input(batch.id()), disk.content(batch.inputFileId()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          disk.write(disk.batch(batch.id()), batch);
          record(created, "batch_created");
          if (full.isPresent()) {
            disk.remove(disk.input(batch.id()));
            record(batch, "batch_failed");
          }
          return batch;
        });
  }

  /// The batch as it is now.
  public StoredBatch observe(String id) {
    StoredBatch batch = get(id);
    Instant now = clock.instant();
    return batch.needsValidation(now) || batch.needsOutput(now)
        ? disk.locked(id, () -> advance(get(id)))
        : batch;
  }

  public StoredBatch cancel(String id) {
    StoredBatch found = get(id);
    return disk.locked(
        found.id(),
        () -> {
          StoredBatch batch = advance(get(id));
          Status status = batch.status(clock.instant());
          if (status.isTerminal()) {
            throw ApiError.of(
                409, "Cannot cancel a batch with status '%s'.".formatted(status.wire()), null);
          }
          if (status == Status.CANCELLING) {
            return batch;
          }
          record(batch, "batch_cancelled");
          return save(batch.cancelledAt(clock.instant()));
        });
  }

  private StoredBatch advance(StoredBatch found) {
    Instant now = clock.instant();
    StoredBatch batch = found;
    if (batch.needsValidation(now)) {
      Validation validation = check.check(batch);
      batch = save(batch.with(validation));
      record(batch, validation.isFailed() ? "batch_failed" : "batch_validated");
    }
    Validation validation = batch.validation();
    if (validation != null && batch.needsOutput(now)) {
      batch = save(batch.with(outputGenerator.harvest(batch, validation)));
    }
    if (batch.output() != null || batch.status(now).isTerminal()) {
      disk.remove(disk.input(batch.id()));
      disk.remove(disk.index(batch.id()));
    }
    return batch;
  }

  private StoredFile input(String id) {
    StoredFile file =
        files
            .find(id, clock.instant())
            .orElseThrow(
                () -> ApiError.invalid("No such File object: %s".formatted(id), "input_file_id"));
    if (!file.purpose().equals("batch")) {
      throw ApiError.invalid("The file's purpose must be 'batch'.", "input_file_id");
    }
    String status = file.status(clock.instant());
    if (!file.isReady(clock.instant())) {
      throw ApiError.of(
          400,
          "The input file is in '%s' state; only files in 'Processed' state are accepted."
              .formatted(status),
          "invalidPayload");
    }
    return file;
  }

  private StoredBatch get(String id) {
    return disk.read(disk.batch(id), StoredBatch.class)
        .orElseThrow(() -> ApiError.notFound("Batch object", id));
  }

  private StoredBatch save(StoredBatch batch) {
    disk.write(disk.batch(batch.id()), batch);
    return batch;
  }

  private void record(StoredBatch batch, String event) {
    var detail =
        StateJson.object().put("batch", batch.id()).put("input_file_id", batch.inputFileId());
    Validation validation = batch.validation();
    if (validation != null) {
      detail.put("lines", validation.total()).putPOJO("errors", validation.errors());
    }
    ledger.append(clock.instant(), event, detail.putPOJO("metadata", batch.metadata()));
  }
}
