package dev.arcticsynth.cli.command;

import dev.arcticsynth.api.model.DeletedFileView;
import dev.arcticsynth.api.model.FileView;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.client.ProviderFilesClient;
import dev.arcticsynth.cli.job.FileDeletion;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Formats;
import dev.arcticsynth.cli.terminal.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "files",
    description = "List the files that a provider stores for batches, or delete them.")
public final class FilesCommand implements Callable<Integer> {
  private final CliContext context;

  @Option(
      names = "--provider",
      required = true,
      paramLabel = "P",
      description = "The provider that stores the files.")
  private String provider = "";

  @Option(
      names = "--older-than",
      paramLabel = "DAYS",
      description = "Only files that are at least so many days old.")
  private Optional<Integer> olderThan = Optional.empty();

  @Option(
      names = "--all",
      description =
          "Also files that this deployment did not make; it cannot tell whether they are needed.")
  private boolean all;

  @Option(names = "--delete", description = "Delete the listed files, after a confirmation.")
  private boolean delete;

  @Option(names = "--yes", description = "Delete without a confirmation.")
  private boolean yes;

  public FilesCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    requireSense();
    ProviderFilesClient storage = context.client().storage(provider);
    List<FileView> files = context.patience().ask(() -> storage.files(wanted()));
    return delete ? delete(storage, files) : list(files);
  }

  private void requireSense() {
    if (olderThan.filter(days -> days < 0).isPresent()) {
      throw new Failure.Usage("--older-than takes a number of days that is not below 0.");
    }
    if (delete && olderThan.isEmpty()) {
      throw new Failure.Usage("Select the files to delete with --older-than DAYS; 0 means all.");
    }
    if (yes && !delete) {
      throw new Failure.Usage("--yes is for --delete; without it nothing is deleted.");
    }
  }

  private Map<String, String> wanted() {
    return ProviderFilesClient.wanted(olderThan, all);
  }

  private int list(List<FileView> files) {
    if (context.isJson()) {
      context.terminal().print(JsonCodec.line(files));
    } else if (files.isEmpty()) {
      context.notices().accept(nothing());
    } else {
      table(files).lines().forEach(context.terminal()::print);
    }
    return ExitCode.SUCCEEDED.number;
  }

  private int delete(ProviderFilesClient storage, List<FileView> files) {
    List<FileView> idle = files.stream().filter(file -> !file.inUse()).toList();
    if (files.size() > idle.size()) {
      context
          .notices()
          .accept(
              Formats.number(files.size() - idle.size())
                  + " files are needed by batches or tasks that are not over, and stay.");
    }
    var deletion = new FileDeletion(context, storage, wanted());
    if (!idle.isEmpty() && !yes) {
      table(idle).lines().forEach(context.terminal()::say);
      if (!deletion.isConfirmed(idle.size(), all)) {
        context.print(List.of(), "Nothing was deleted.");
        return ExitCode.SUCCEEDED.number;
      }
    }
    List<DeletedFileView> outcomes = deletion.run(idle.stream().map(FileView::id).toList());
    ExitCode code = deletion.tell(outcomes);
    context.print(outcomes, outcomes.isEmpty() ? nothing() : FileDeletion.summary(outcomes));
    return code.number;
  }

  private String nothing() {
    return "Provider %s stores no such files.".formatted(provider);
  }

  private static Table table(List<FileView> files) {
    var table = new Table("FILE", "CREATED", "SIZE", "OWNER", "NEEDED", "TASK", "NAME");
    for (FileView file : files) {
      Long bytes = file.bytes();
      table.row(
          file.id(),
          Formats.time(file.createdAt()),
          bytes == null ? "-" : Formats.bytes(bytes),
          file.owner(),
          file.inUse() ? "yes" : "no",
          Formats.of(file.task()),
          Formats.of(file.name()));
    }
    return table;
  }
}
