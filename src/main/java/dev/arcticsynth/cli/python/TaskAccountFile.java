package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.client.TaskName;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which account a task's batches are on, noted in its folder: with another one the provider would
/// not find the batches, and everything would be paid for again.
///
/// @param file the account's name, in further lines its names with newer keys, and the task's name,
///   so that a folder may be moved
record TaskAccountFile(Path file) {
  private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");
  private static final Pattern TASK = Pattern.compile("task: ([A-Za-z0-9][A-Za-z0-9._-]{0,127})");

  /// The name under which the provider is to run.
  ///
  /// @param isSame whether `--same-account` was given: the same account with another key
  String nameFor(String account, boolean isSame) {
    List<String> known = known();
    if (known.isEmpty()) {
      return account;
    }
    if (!known.contains(account)) {
      if (!isSame) {
        throw new Failure.Usage(
            "The credentials are not those that this task was uploaded with (%s then, %s now), and its batches can be reached only with the account that they are on. Pass those with -c; or, if this is another key of the same account, pass --same-account once."
                .formatted(known.getFirst(), account));
      }
      var more = new ArrayList<>(known);
      more.add(account);
      write(more, task());
    }
    return known.getFirst();
  }

  /// The task's name in the database, wherever the folder was when it was uploaded.
  Optional<TaskName> task() {
    return lines().stream()
        .map(TASK::matcher)
        .filter(Matcher::matches)
        .map(line -> new TaskName(line.group(1)))
        .findFirst();
  }

  /// What is there already stays.
  void keep(Optional<String> account, TaskName task) {
    List<String> known = known();
    if (task().isEmpty() || (known.isEmpty() && account.isPresent())) {
      write(known.isEmpty() ? account.stream().toList() : known, Optional.of(task().orElse(task)));
    }
  }

  private void write(List<String> accounts, Optional<TaskName> task) {
    WorkFolder.write(
        file,
        Stream.concat(accounts.stream(), task.stream().map(name -> "task: " + name)).toList());
  }

  private List<String> known() {
    return lines().stream().filter(ACCOUNT.asMatchPredicate()).toList();
  }

  private List<String> lines() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(String::strip).toList()
          : List.of();
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(file, IoErrors.of(e)));
    }
  }
}
