package dev.arcticsynth.provider.simulator.run;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.BatchError;
import dev.arcticsynth.provider.simulator.store.Disk;
import dev.arcticsynth.provider.simulator.store.StoredBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The limit of tokens that may be enqueued for a model, where a fault asks for one.
public final class TokenQueue {
  private static final int BYTES_A_TOKEN = 4;

  private final Disk disk;
  private final Faults faults;
  private final SimulatedApi simulatedApi;

  public TokenQueue(Disk disk, Faults faults, SimulatedApi simulatedApi) {
    this.simulatedApi = simulatedApi;
    this.disk = disk;
    this.faults = faults;
  }

  /// Why a batch that is about to be created fails, if it does. Throws where the create is to be
  /// refused.
  Optional<BatchError> refusal(StoredBatch batch, Instant now) {
    List<Fault.EnqueuedTokens> limits =
        faults.takeAll(Fault.EnqueuedTokens.class, Operation.WORK, batch.subject());
    if (limits.isEmpty()) {
      return Optional.empty();
    }
    Fault.EnqueuedTokens limit = limits.getFirst();
    Path input = disk.content(batch.inputFileId());
    String model = model(input, batch);
    if (tokens(input) + enqueued(model, now) <= limit.limit()) {
      return Optional.empty();
    }
    BatchError error = error(model, limit.limit());
    if (limit.atOnce()) {
      throw ApiError.of(400, error.message(), error.code());
    }
    return Optional.of(error);
  }

  static BatchError error(String model, long limit) {
    return BatchError.of(
        "token_limit_exceeded",
        "Enqueued token limit reached for %s in organization org-simulator. Limit: %,d enqueued tokens. Please try again once some in_progress batches have been completed."
            .formatted(model, limit));
  }

  private long enqueued(String model, Instant now) {
    return disk.batches().stream()
        .map(id -> disk.read(disk.batch(id), StoredBatch.class))
        .flatMap(Optional::stream)
        .filter(batch -> !batch.status(now).isTerminal() && Files.exists(disk.input(batch.id())))
        .filter(batch -> model(disk.input(batch.id()), batch).equals(model))
        .mapToLong(batch -> tokens(disk.input(batch.id())))
        .sum();
  }

  private static long tokens(Path input) {
    try {
      return Files.size(input) / BYTES_A_TOKEN;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Of the first row; all others have the same, or the batch fails for that.
  private String model(Path input, StoredBatch batch) {
    RowParser row =
        new RowParser(simulatedApi, simulatedApi.endpoint(batch.endpoint()).orElseThrow());
    try (LineReader lines = new LineReader(input)) {
      return lines.next() && row.parse(lines.bytes(), lines.from(), lines.to(), 1).isEmpty()
          ? row.model()
          : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
