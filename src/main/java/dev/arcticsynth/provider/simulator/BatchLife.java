package dev.arcticsynth.provider.simulator;

import dev.arcticsynth.provider.simulator.StoredBatch.Status;
import dev.arcticsynth.provider.simulator.StoredBatch.Validation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Moves batches on. Nothing happens by itself: whoever looks at a batch does the work that was due
/// by then, under a lock, so that it is done once.
final class BatchLife {
  private final Disk disk;
  private final FileShelf files;
  private final TokenQueue queue;
  private final InputCheck check;
  private final Harvester harvester;
  private final Ledger ledger;
  private final InstantSource clock;

  BatchLife(
      Disk disk,
      FileShelf files,
      TokenQueue queue,
      InputCheck check,
      Harvester harvester,
      Ledger ledger,
      InstantSource clock) {
    this.disk = disk;
    this.files = files;
    this.queue = queue;
    this.check = check;
    this.harvester = harvester;
    this.ledger = ledger;
    this.clock = clock;
  }

  /// Holds the input's lock: once a deletion has returned, nothing can start from the file. One
  /// batch at a time, so that two do not take the same room.
  synchronized StoredBatch start(StoredBatch created) {
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
  StoredBatch observe(String id) {
    StoredBatch batch = get(id);
    Instant now = clock.instant();
    return batch.needsValidation(now) || batch.needsOutput(now)
        ? disk.locked(id, () -> advance(get(id)))
        : batch;
  }

  StoredBatch cancel(String id) {
    StoredBatch found = get(id);
    return disk.locked(
        found.id(),
        () -> {
          StoredBatch batch = advance(get(id));
          Status status = batch.status(clock.instant());
          if (status.isTerminal()) {
            throw WireError.of(
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
      batch = save(batch.with(harvester.harvest(batch, validation)));
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
                () -> WireError.invalid("No such File object: %s".formatted(id), "input_file_id"));
    if (!file.purpose().equals("batch")) {
      throw WireError.invalid("The file's purpose must be 'batch'.", "input_file_id");
    }
    String status = file.status(clock.instant());
    if (!file.isReady(clock.instant())) {
      throw WireError.of(
          400,
          "The input file is in '%s' state; only files in 'Processed' state are accepted."
              .formatted(status),
          "invalidPayload");
    }
    return file;
  }

  private StoredBatch get(String id) {
    return disk.read(disk.batch(id), StoredBatch.class)
        .orElseThrow(() -> WireError.notFound("Batch object", id));
  }

  private StoredBatch save(StoredBatch batch) {
    disk.write(disk.batch(batch.id()), batch);
    return batch;
  }

  private void record(StoredBatch batch, String event) {
    var detail = Json.object().put("batch", batch.id()).put("input_file_id", batch.inputFileId());
    Validation validation = batch.validation();
    if (validation != null) {
      detail.put("lines", validation.total()).putPOJO("errors", validation.errors());
    }
    ledger.append(clock.instant(), event, detail.putPOJO("metadata", batch.metadata()));
  }
}
