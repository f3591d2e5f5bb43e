package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.DeletedFileView;
import dev.arcticsynth.api.model.FileView;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.client.ProviderFilesClient;
import dev.arcticsynth.cli.job.FileDeletion;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Formats;
import dev.arcticsynth.cli.terminal.Table;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `--clean_files_older_than_n_days`: lists the files, asks for a confirmation, and deletes the
/// listed ones only.
record CleanFilesStep(CliContext context, ProviderFilesClient storage) {

  ExitCode run(int olderThanDays, boolean all, boolean yes) {
    var wanted = ProviderFilesClient.wanted(Optional.of(olderThanDays), all);
    List<FileView> found =
        context.patience().ask(() -> storage.files(wanted)).stream()
            .sorted(
                Comparator.comparing(
                    FileView::createdAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder())))
            .toList();
    List<FileView> idle = found.stream().filter(file -> !file.inUse()).toList();
    show(idle, found.size() - idle.size());
    if (idle.isEmpty()) {
      return ExitCode.SUCCEEDED;
    }
    var deletion = new FileDeletion(context, storage, wanted);
    if (!yes && !deletion.isConfirmed(idle.size(), all)) {
      context.notices().accept("Nothing was deleted.");
      return ExitCode.SUCCEEDED;
    }
    List<DeletedFileView> fates = deletion.run(idle.stream().map(FileView::id).toList());
    if (context.isJson()) {
      context.terminal().print(JsonCodec.line(Map.of("step", "delete_files", "files", fates)));
    }
    ExitCode code = deletion.tell(fates);
    context.notices().accept(FileDeletion.summary(fates));
    return code;
  }

  private void show(List<FileView> files, int inUse) {
    if (context.isJson()) {
      context.terminal().print(JsonCodec.line(Map.of("step", "list_files", "files", files)));
    } else if (!files.isEmpty()) {
      var table = new Table("File ID", "Created at", "Size", "Owner", "Name");
      for (FileView file : files) {
        Long bytes = file.bytes();
        table.row(
            file.id(),
            Formats.time(file.createdAt()),
            bytes == null ? "-" : Formats.bytes(bytes),
            file.owner(),
            Formats.of(file.name()));
      }
      table.lines().forEach(context.terminal()::print);
    } else {
      context
          .notices()
          .accept("Provider %s has no such files to delete.".formatted(storage.provider()));
    }
    if (inUse > 0) {
      context
          .notices()
          .accept(
              "%s more are needed by batches or tasks that are not over, and stay."
                  .formatted(Formats.number(inUse)));
    }
  }
}
