package dev.arcticsynth.cli.python;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.cli.client.Sha256;
import dev.arcticsynth.cli.job.OutputFile;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The folder of one task, laid out as the Python client does it. What is written here is for
/// people, their scripts and the Python client; of what others write, requests and ids are read.
record WorkFolder(Path dir, String task) {
  private static final Pattern PLAIN = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,200}");
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
  private static final int HASH_SHOWN = 16;

  WorkFolder {
    if (!PLAIN.matcher(task).matches() || task.isBlank() || task.matches("\\.{1,2}")) {
      throw new Failure.Usage(
          "'%s' cannot name a task: it is the name of a folder in the work folder."
              .formatted(task));
    }
  }

  Path path() {
    return dir.resolve(task);
  }

  Path requests() {
    return path().resolve("requests");
  }

  Path download(String batch) {
    // The id comes from the provider; it must not change the path.
    String name =
        FILE_NAME.matcher(batch).matches()
            ? batch
            : "batch-" + Sha256.sha256(batch).substring(0, HASH_SHOWN);
    return path().resolve("downloads").resolve(name + ".jsonl");
  }

  Path results() {
    return path().resolve("results.jsonl");
  }

  Path messages() {
    return path().resolve("messages.jsonl");
  }

  Path fileIds() {
    return path().resolve("file_ids.txt");
  }

  Path batchIds() {
    return path().resolve("batch_ids.txt");
  }

  Path accounts() {
    return path().resolve("account.txt");
  }

  /// One name for one folder, by whatever way it is reached.
  String identity() {
    try {
      return (Files.exists(path()) ? path().toRealPath() : path().toAbsolutePath().normalize())
          .toString();
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(path(), IoErrors.of(e)));
    }
  }

  /// Complete or not at all; creates the parent folder.
  static void write(Path file, List<String> lines) {
    makeFolderOf(file);
    try (OutputFile output = OutputFile.at(file)) {
      byte[] bytes =
          String.join("", lines.stream().map(line -> line + "\n").toList()).getBytes(UTF_8);
      output.write(bytes);
      output.keep();
    } catch (IOException e) {
      throw OutputFile.cannotWrite(file, e);
    }
  }

  static void makeFolderOf(Path file) {
    try {
      Path _ = Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new Failure.Usage("Cannot write %s: %s.".formatted(file, IoErrors.of(e)));
    }
  }
}
