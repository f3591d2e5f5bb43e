package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.AdoptBatches;
import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The ids that an earlier `-u` and `-s` have left in a task's folder: ours, or the Python
/// client's.
///
/// @param files of uploaded files
/// @param batches of batches, which cost money
record FolderIds(List<String> files, List<String> batches) {
  FolderIds {
    files = List.copyOf(files);
    batches = List.copyOf(batches);
  }

  static FolderIds of(WorkFolder folder) {
    return new FolderIds(read(folder.fileIds()), read(folder.batchIds()));
  }

  boolean isEmpty() {
    return files.isEmpty() && batches.isEmpty();
  }

  /// Those that no partition of the task has.
  FolderIds without(List<PartitionView> partitions) {
    Set<String> ours = new HashSet<>();
    for (PartitionView partition : partitions) {
      ours.add(Objects.requireNonNullElse(partition.remoteFileId(), ""));
      ours.add(Objects.requireNonNullElse(partition.remoteBatchId(), ""));
    }
    return new FolderIds(
        files.stream().filter(id -> !ours.contains(id)).toList(),
        batches.stream().filter(id -> !ours.contains(id)).toList());
  }

  AdoptBatches toAdopt() {
    return new AdoptBatches(batches, files);
  }

  private static List<String> read(Path file) {
    try {
      return Files.exists(file)
          ? Files.readString(file).lines().map(String::strip).filter(id -> !id.isEmpty()).toList()
          : List.of();
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(file, IoErrors.of(e)));
    }
  }
}
