package dev.arcticsynth.lab.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The file that all replicas of a lab share: what happens where, to the process that gets there
/// first.
public record Failpoints(Path file) {

  public void arm(String text) {
    try {
      disarm();
      Path aside = file.resolveSibling(file.getFileName() + ".new");
      Path _ = Files.writeString(aside, text);
      Path _ = Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From now on nothing more is struck; what was is still known.
  public void takeBack() {
    try {
      boolean _ = Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void disarm() {
    takeBack();
    try {
      for (Path old : siblings(".fired.")) {
        boolean _ = Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The process that was struck.
  public Optional<Long> struck() {
    return siblings(".fired.").stream().findFirst().map(Failpoints::pid);
  }

  /// Where and when a process was last struck, by its own word, which it writes before it is.
  public Hit strikeAt(long pid) {
    return lines(file.resolveSibling(file.getFileName() + ".hits." + pid)).stream()
        .filter(line -> line.endsWith(" kill") || line.endsWith(" stop"))
        .reduce((_, last) -> last)
        .map(line -> line.split(" "))
        .map(words -> new Hit(words[1], Instant.ofEpochMilli(Long.parseLong(words[0]))))
        .orElseThrow();
  }

  /// A strike.
  public record Hit(String point, Instant at) {}

  /// When a point was first hit since.
  public Optional<Instant> firstHit(String name, Instant since) {
    return siblings(".hits.").stream()
        .flatMap(each -> lines(each).stream())
        .map(line -> line.split(" "))
        .filter(words -> words.length == 3 && words[1].equals(name))
        .map(words -> Instant.ofEpochMilli(Long.parseLong(words[0])))
        .filter(at -> at.isAfter(since))
        .min(Comparator.naturalOrder());
  }

  /// How often each point was hit, by all processes there ever were.
  public Map<String, Integer> hits() {
    var hits = new HashMap<String, Integer>();
    for (Path each : siblings(".hits.")) {
      for (String line : lines(each)) {
        String[] words = line.split(" ");
        if (words.length == 3) {
          int _ = hits.merge(words[1], 1, Integer::sum);
        }
      }
    }
    return hits;
  }

  private static long pid(Path path) {
    String name = path.getFileName().toString();
    return Long.parseLong(name.substring(name.lastIndexOf('.') + 1));
  }

  private List<Path> siblings(String mark) {
    String prefix = file.getFileName() + mark;
    try (Stream<Path> all = Files.list(file.toAbsolutePath().getParent())) {
      return all.filter(path -> path.getFileName().toString().startsWith(prefix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path path) {
    try {
      return new ArrayList<>(Files.readAllLines(path, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return List.of();
    }
  }
}
