package dev.arcticsynth.task;

import dev.arcticsynth.task.payload.IngestedRequests;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/// Partitions and tasks as tests want them.
public final class Partitions {

  public static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
  public static final Instant LATER = NOW.plusSeconds(60);

  private Partitions() {}

  /// Requests `first` to `last` with no gaps.
  public static Partition partition(long first, long last) {
    return partition("m", first, last, (int) (last - first + 1), 1);
  }

  public static Partition partition(String model, long first, long last, int requests, int tries) {
    return new Partition(
        UUID.randomUUID(),
        0,
        "p",
        new PartitionSpec(
            PartitionKind.BASE, model, "/v1/chat/completions", first, last, requests, 1_000),
        tries,
        false,
        NOW);
  }

  public static void apply(Partition partition, PartitionEvent... events) {
    for (PartitionEvent event : events) {
      partition.apply(event, NOW);
    }
  }

  /// @param auto false: held before the upload
  public static NewTask wish(String name, boolean auto) {
    return new NewTask(
        "owner",
        name,
        "p",
        Optional.of("m"),
        "/v1/chat/completions",
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        auto,
        3,
        Optional.empty(),
        "{}",
        Optional.empty());
  }

  public static Task task(String name) {
    return new Task(wish(name, true), NOW);
  }

  /// A task with so many requests that runs and is cut.
  public static Task running(String name, int requests, boolean explicitIds) {
    var task = task(name);
    long _ =
        task.append(
            new IngestedRequests(
                UUID.randomUUID(),
                requests,
                explicitIds,
                !explicitIds,
                false,
                java.util.List.of()));
    task.run(HoldPoint.NONE, NOW);
    task.cutInto(1);
    return task;
  }

  public static Task cancelling(String name, int requests) {
    var task = running(name, requests, true);
    task.cancel(NOW);
    return task;
  }
}
