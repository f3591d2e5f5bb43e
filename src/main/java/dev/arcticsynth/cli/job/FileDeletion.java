package dev.arcticsynth.cli.job;

import dev.arcticsynth.api.model.DeletedFileView;
import dev.arcticsynth.cli.client.ProviderFilesClient;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Formats;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Deletes the listed files, and no others, as many in a call as the server accepts. Stops when the
/// provider fails repeatedly.
public record FileDeletion(
    CliContext context, ProviderFilesClient storage, Map<String, String> wanted) {
  private static final int AT_ONCE = 50;

  public List<DeletedFileView> run(List<String> ids) {
    var outcomes = new ArrayList<DeletedFileView>();
    boolean goesOn = true;
    for (int from = 0; from < ids.size(); from += AT_ONCE) {
      List<String> next = ids.subList(from, Math.min(from + AT_ONCE, ids.size()));
      outcomes.addAll(goesOn ? delete(next, outcomes) : left(next));
      goesOn = outcomes.stream().noneMatch(file -> file.outcome().equals("not_tried"));
    }
    return outcomes;
  }

  /// @param all also files that this deployment did not make
  public boolean isConfirmed(int files, boolean all) {
    String question =
        "Delete %s of provider %s%s? (y/N) "
            .formatted(
                Formats.count(files, "file"),
                storage.provider(),
                all ? ", also those of other programs" : "");
    return context
        .terminal()
        .ask(question)
        .orElseThrow(() ->
            new Failure.Usage(
                "Nothing was deleted: there is no terminal for a confirmation. Check the list, then pass --yes."))
        .strip()
        .toLowerCase(Locale.ROOT)
        .matches("y|yes");
  }

  /// Prints why each file that is left was not deleted.
  public ExitCode tell(List<DeletedFileView> outcomes) {
    outcomes.stream()
        .filter(file -> !file.outcome().equals("deleted"))
        .forEach(file ->
            context
                .terminal()
                .say("%s: %s. %s".formatted(file.id(), file.outcome(), Formats.of(file.detail()))));
    return outcomes.stream().anyMatch(FileDeletion::isUndone)
        ? ExitCode.UNREACHABLE
        : ExitCode.SUCCEEDED;
  }

  public static String summary(List<DeletedFileView> outcomes) {
    long deleted = outcomes.stream().filter(file -> file.outcome().equals("deleted")).count();
    return "%s of %s deleted."
        .formatted(Formats.number(deleted), Formats.count(outcomes.size(), "file"));
  }

  /// The file was not tried.
  private static boolean isUndone(DeletedFileView file) {
    return file.outcome().equals("failed") || file.outcome().equals("not_tried");
  }

  private List<DeletedFileView> delete(List<String> ids, List<DeletedFileView> before) {
    try {
      // Each call by itself: the work of earlier ones is not repeated.
      return context.patience().ask(() -> storage.delete(wanted, ids));
    } catch (Failure failure) {
      long deleted = before.stream().filter(file -> file.outcome().equals("deleted")).count();
      context
          .notices()
          .accept(
              Formats.number(deleted) + " files were deleted before; the same command continues.");
      throw failure;
    }
  }

  private static List<DeletedFileView> left(List<String> ids) {
    return ids.stream()
        .map(id -> new DeletedFileView(id, "not_tried", "The provider failed with others before."))
        .toList();
  }
}
