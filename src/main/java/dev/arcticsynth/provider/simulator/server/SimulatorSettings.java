package dev.arcticsynth.provider.simulator.server;

import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import dev.arcticsynth.provider.simulator.store.BatchSchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// Where a simulator keeps its state, how long its batches take and what it accepts.
///
/// @param port 0 picks a free one
/// @param cancelling how long a batch is `cancelling` before it is `cancelled`
/// @param window after which a batch that has not ended is `expired`
/// @param processing how long an uploaded file is `pending`
/// @param seed of the order of the output and of faults that strike by chance
public record SimulatorSettings(
    Path dir,
    int port,
    Duration validating,
    Duration running,
    Duration finalizing,
    Duration cancelling,
    Duration window,
    long seed,
    long maxFileBytes,
    int maxRequests,
    SimulatedApi dialect,
    Duration processing) {

  /// A server to try out: a batch takes a few seconds.
  public static SimulatorSettings in(Path dir) {
    return instant(dir)
        .withValidating(Duration.ofMillis(500))
        .withRunning(Duration.ofSeconds(2))
        .withFinalizing(Duration.ofMillis(500))
        .withCancelling(Duration.ofMillis(500));
  }

  /// Every batch is complete at the first poll.
  public static SimulatorSettings instant(Path dir) {
    return new SimulatorSettings(
        dir,
        0,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ofHours(24),
        1,
        200_000_000,
        50_000,
        SimulatedApi.OPENAI,
        Duration.ZERO);
  }

  /// When a batch that is created now moves on.
  ///
  /// @param longer how much longer than usual it runs
  BatchSchedule plan(Instant now, Duration longer) {
    Instant validated = now.plus(validating);
    Instant answered = validated.plus(running).plus(longer);
    return new BatchSchedule(
        now, validated, answered, answered.plus(finalizing), now.plus(window), cancelling);
  }

  public SimulatorSettings withPort(int port) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  public SimulatorSettings withValidating(Duration validating) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  public SimulatorSettings withRunning(Duration running) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  public SimulatorSettings withFinalizing(Duration finalizing) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  public SimulatorSettings withCancelling(Duration cancelling) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  public SimulatorSettings withWindow(Duration window) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  public SimulatorSettings withSeed(long seed) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  public SimulatorSettings withMaxFileBytes(long maxFileBytes) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  public SimulatorSettings withMaxRequests(int maxRequests) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }

  /// The API to imitate. Azure accepts more requests, and its batches never expire.
  public SimulatorSettings withDialect(SimulatedApi simulatedApi) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        simulatedApi == SimulatedApi.AZURE ? AzureWire.FOR_EVER : window,
        seed,
        maxFileBytes,
        simulatedApi == SimulatedApi.AZURE ? AzureWire.MAX_REQUESTS : maxRequests,
        simulatedApi,
        processing);
  }

  public SimulatorSettings withProcessing(Duration processing) {
    return new SimulatorSettings(
        dir,
        port,
        validating,
        running,
        finalizing,
        cancelling,
        window,
        seed,
        maxFileBytes,
        maxRequests,
        dialect,
        processing);
  }
}
