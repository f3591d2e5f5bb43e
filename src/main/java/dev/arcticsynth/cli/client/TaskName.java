package dev.arcticsynth.cli.client;

import dev.arcticsynth.cli.terminal.Failure;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.regex.Pattern;

/// A name that a task may have.
public record TaskName(String value) {
  private static final int MAX = 128;
  private static final int HASH_SHOWN = 8;
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern EXTENSION = Pattern.compile("(?i)\\.(jsonl|ndjson|json|txt)$");
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9._-]+");
  private static final Pattern EDGES = Pattern.compile("^[._-]+|[._-]+$");

  public TaskName {
    if (!LEGAL.matcher(value).matches()) {
      throw new Failure.Usage(
          "'%s' cannot name a task: a name has 1 to 128 letters, digits, '.', '_' or '-' and starts with a letter or digit."
              .formatted(value));
    }
  }

  /// The file's base name, made to fit.
  public static TaskName of(Path file) {
    return new TaskName(fitted(file, MAX));
  }

  /// The same file gives the same name, a changed file another one.
  public static TaskName of(Path file, String sha256) {
    String hash = "-" + sha256.substring(0, HASH_SHOWN);
    return new TaskName(fitted(file, MAX - hash.length()) + hash);
  }

  private static String fitted(Path file, int max) {
    Path last = file.toAbsolutePath().normalize().getFileName();
    String name = EXTENSION.matcher(last == null ? "" : last.toString()).replaceFirst("");
    String plain = MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFKD)).replaceAll("");
    String legal = trimmed(ILLEGAL.matcher(plain).replaceAll("-"));
    String cut = trimmed(legal.substring(0, Math.min(max, legal.length())));
    return cut.isEmpty() ? "task" : cut;
  }

  private static String trimmed(String name) {
    return EDGES.matcher(name).replaceAll("");
  }

  @Override
  public String toString() {
    return value;
  }
}
