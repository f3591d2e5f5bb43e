package dev.arcticsynth.cli.python;

import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Which account a task's batches are on, noted in its folder: with another one the provider would
/// not find the batches, and everything would be paid for again.
///
/// @param file the account's name, and in further lines its names with newer keys
record TaskAccountFile(Path file) {

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
      WorkFolder.write(file, more);
    }
    return known.getFirst();
  }

  void keep(String name) {
    if (known().isEmpty()) {
      WorkFolder.write(file, List.of(name));
    }
  }

  private List<String> known() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> line.matches("[A-Za-z0-9][A-Za-z0-9-]{0,99}"))
              .toList()
          : List.of();
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(file, IoErrors.of(e)));
    }
  }
}
