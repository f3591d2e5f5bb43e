package dev.arcticsynth.failpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The file of rules for failpoints, and the files that record hits.
///
/// A line a failpoint: `name = action[@nth]`, with the actions of [Action]; lines that begin with
/// `#` are comments. It is read at each hit, so that a change takes effect at once; counting
/// restarts when it changes. Without a file nothing is struck, and hits are still recorded.
///
/// - `<file>.hits.<pid>`: a line a hit, `time name action`, written before anything happens.
/// - `<file>.fired.<pid>`: the file itself, renamed by the one process that took an action from it.
///   Several processes may share a file: the first to hit takes what happens only once, and the
///   others find nothing any more. A delay is taken at every hit, and leaves the file alone.
final class Script {

  private final Path file;
  private final Path hits;
  private final Path fired;
  private String text = "";
  private Map<String, FailpointRule> orders = Map.of();
  private final Map<String, Integer> counts = new HashMap<>();

  Script(Path file) {
    this.file = file;
    long pid = ProcessHandle.current().pid();
    this.hits = file.resolveSibling(file.getFileName() + ".hits." + pid);
    this.fired = file.resolveSibling(file.getFileName() + ".fired." + pid);
  }

  /// The word for a thing: `UploadBegun(tag)` is `upload_begun`.
  static String word(Object thing) {
    String name = thing instanceof String text ? text : thing.getClass().getSimpleName();
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  void hit(String name) {
    Optional<Action> action = due(name);
    tell(name, action);
    action.filter(this::isOurs).ifPresent(todo -> todo.take(name));
  }

  private synchronized Optional<Action> due(String name) {
    String now = read();
    if (!now.equals(text)) {
      text = now;
      orders = FailpointRule.parse(now);
      counts.clear();
    }
    int count = counts.merge(name, 1, Integer::sum);
    return Optional.ofNullable(orders.get(name))
        .filter(failpointRule -> failpointRule.nth() == 0 || failpointRule.nth() == count)
        .map(FailpointRule::action);
  }

  private boolean isOurs(Action action) {
    if (!action.isOnce()) {
      return true;
    }
    try {
      Path _ = Files.move(file, fired, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read() {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException _) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void tell(String name, Optional<Action> action) {
    String line =
        "%d %s %s%n"
            .formatted(System.currentTimeMillis(), name, action.map(Script::word).orElse("passed"));
    try {
      Path _ =
          Files.write(
              hits,
              line.getBytes(StandardCharsets.UTF_8),
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
