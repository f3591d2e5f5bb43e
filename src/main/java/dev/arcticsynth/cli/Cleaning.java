package dev.arcticsynth.cli;

import dev.arcticsynth.cli.StoredFile.Fate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `--clean_files_older_than_n_days`: lists what would be deleted, asks, and deletes that and no
/// more, whatever appears meanwhile.
record Cleaning(CommonOptions common, ArcticClient client, String provider) {
  /// As many ids as one call takes.
  private static final int AT_ONCE = 50;

  ExitCode run(int olderThanDays, boolean all, boolean yes) {
    var wanted = new StoredFile.Wanted(olderThanDays, all);
    List<StoredFile> found =
        patience().ask(() -> client.files(provider, wanted)).stream()
            .sorted(
                Comparator.comparing(
                    StoredFile::createdAt,
                    Comparator.nullsFirst(Comparator.<Instant>naturalOrder())))
            .toList();
    List<StoredFile> idle = found.stream().filter(file -> !file.inUse()).toList();
    show(idle, found.size() - idle.size());
    if (idle.isEmpty()) {
      return ExitCode.SUCCEEDED;
    }
    if (!yes && !isConfirmed(idle.size(), wanted)) {
      common.notices().accept("Nothing was deleted.");
      return ExitCode.SUCCEEDED;
    }
    return report(delete(idle, wanted));
  }

  private boolean isConfirmed(int files, StoredFile.Wanted wanted) {
    Optional<String> answer =
        common
            .terminal()
            .ask(
                "Delete %s %s of provider %s%s? (y/N) "
                    .formatted(
                        Text.number(files),
                        files == 1 ? "file" : "files",
                        provider,
                        wanted.all() ? ", also those that are not ours" : ""));
    return answer
        .orElseThrow(() ->
            new Failure.Usage(
                "Nothing was deleted: nobody can be asked here. Look at the list, and say --yes."))
        .strip()
        .toLowerCase(java.util.Locale.ROOT)
        .matches("y|yes");
  }

  private List<Fate> delete(List<StoredFile> files, StoredFile.Wanted wanted) {
    var fates = new ArrayList<Fate>();
    for (int from = 0; from < files.size(); from += AT_ONCE) {
      List<String> ids =
          files.subList(from, Math.min(from + AT_ONCE, files.size())).stream()
              .map(StoredFile::id)
              .toList();
      fates.addAll(patience().ask(() -> client.deleteFiles(provider, wanted, ids)));
    }
    return fates;
  }

  private void show(List<StoredFile> files, int inUse) {
    if (common.isJson()) {
      common.terminal().print(Json.line(Map.of("step", "list_files", "files", files)));
    } else if (!files.isEmpty()) {
      var table = new Table("File ID", "Created at", "Size", "Owner", "Name");
      for (StoredFile file : files) {
        Long bytes = file.bytes();
        table.row(
            file.id(),
            Text.time(file.createdAt()),
            bytes == null ? "-" : Text.bytes(bytes),
            Text.of(file.owner()),
            Text.of(file.name()));
      }
      table.lines().forEach(common.terminal()::print);
    } else {
      common.notices().accept("Provider %s has no such files to delete.".formatted(provider));
    }
    if (inUse > 0) {
      common
          .notices()
          .accept(
              "%s more are needed by what is not over, and stay.".formatted(Text.number(inUse)));
    }
  }

  private ExitCode report(List<Fate> fates) {
    var counts = new TreeMap<String, Integer>();
    fates.forEach(fate -> counts.merge(fate.outcome(), 1, Integer::sum));
    if (common.isJson()) {
      common.terminal().print(Json.line(Map.of("step", "delete_files", "files", fates)));
    }
    fates.stream()
        .filter(fate -> !fate.isDeleted())
        .forEach(fate ->
            common
                .terminal()
                .say("%s: %s. %s".formatted(fate.id(), fate.outcome(), Text.of(fate.detail()))));
    common
        .notices()
        .accept(
            "%s of %s files deleted."
                .formatted(
                    Text.number(counts.getOrDefault("deleted", 0)), Text.number(fates.size())));
    boolean tried = fates.stream().noneMatch(Fate::isUnanswered);
    return tried ? ExitCode.SUCCEEDED : ExitCode.UNREACHABLE;
  }

  private Patience patience() {
    return new Patience(common.shell().time(), common.notices());
  }
}
