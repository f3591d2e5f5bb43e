package dev.arcticsynth.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What the test classes of a stage took, or those of one of its suites.
///
/// @param start of the first
/// @param took by class name, suites not among them
/// @param tests how many a class has
record StageTimes(Instant start, Map<String, Duration> took, Map<String, Integer> tests) {

  /// Leaves the times of this suite for the others. The suite that is the last to end gets those of
  /// all, once for each list.
  ///
  /// @param list with a line for each suite; other JVMs call this with the same one
  Optional<StageTimes> ofAllSuites(Path list) {
    try {
      Path folder = Files.createDirectories(besides(list));
      write(folder);
      List<Path> files = files(folder);
      boolean isLast = files.size() == Files.readAllLines(list).size() && isFirst(folder);
      return isLast ? Optional.of(together(files)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the suites of a list leave their times.
  static Path besides(Path list) {
    return list.resolveSibling(list.getFileName() + ".times");
  }

  private void write(Path folder) throws IOException {
    var lines = new ArrayList<String>();
    lines.add(start.toString());
    took.forEach((name, time) -> {
      if (!isSuite(name)) {
        lines.add("%s %d %d".formatted(name, time.toMillis(), tests.getOrDefault(name, 0)));
      }
    });
    String suite = took.keySet().stream().filter(StageTimes::isSuite).findFirst().orElseThrow();
    Path draft = Files.write(folder.resolve("draft-of-" + suite), lines);
    Path _ = Files.move(draft, folder.resolve(suite), StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isSuite(String name) {
    return name.startsWith(TestSuites.PACKAGE);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> isSuite(file.getFileName().toString())).toList();
    }
  }

  /// Two suites that end at the same moment both see all files.
  private static boolean isFirst(Path folder) throws IOException {
    try {
      Path _ = Files.createFile(folder.resolve("printed"));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static StageTimes together(List<Path> files) throws IOException {
    var start = Instant.MAX;
    var took = new HashMap<String, Duration>();
    var tests = new HashMap<String, Integer>();
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      Instant suite = Instant.parse(lines.getFirst());
      start = suite.isBefore(start) ? suite : start;
      for (String line : lines.subList(1, lines.size())) {
        String[] words = line.split(" ");
        took.put(words[0], Duration.ofMillis(Long.parseLong(words[1])));
        tests.put(words[0], Integer.valueOf(words[2]));
      }
    }
    return new StageTimes(start, took, tests);
  }
}
