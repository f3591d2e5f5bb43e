package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.cli.terminal.Formats;
import dev.arcticsynth.cli.terminal.Table;
import dev.arcticsynth.cli.terminal.TaskRenderer;

/// The batches of a task as the Python client lists them, with additions.
final class BatchTable {
  private BatchTable() {}

  static void show(StepTask step, String name, TaskSnapshot look) {
    var table = new Table("Batch ID", "Created at", "Status");
    for (PartitionView partition : look.partitions()) {
      table.row(
          Formats.of(partition.remoteBatchId()),
          Formats.time(partition.batchCreatedAt()),
          status(partition));
    }
    step.show(name, look, table);
    for (PartitionView partition : look.partitions()) {
      if (partition.lastError() != null && !partition.lastError().isBlank()) {
        step.say("%s: %s".formatted(who(partition), partition.lastError()));
      }
    }
    if (look.isHeld()) {
      step.say("No batch is made before -s.");
    } else {
      TaskRenderer.waiting(look.task()).filter(_ -> !look.waitsFor("batch")).ifPresent(step::say);
    }
  }

  /// The provider's own word where there is one.
  private static String status(PartitionView partition) {
    if (TaskSnapshot.isHeld(partition)) {
      return "not submitted";
    }
    String word = partition.providerStatus();
    return TaskSnapshot.hasBatch(partition) && word != null && !word.isBlank()
        ? word
        : partition.state();
  }

  private static String who(PartitionView partition) {
    return TaskSnapshot.hasBatch(partition)
        ? "batch " + partition.remoteBatchId()
        : "partition " + partition.ordinal();
  }
}
