package dev.arcticsynth.failpoint;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A named place in the code at which a test can strike: at every boundary where a process that
/// dies leaves something behind that another one must make sense of.
///
/// Nothing happens unless the environment variable `ARCTIC_FAILPOINTS` names a file when the
/// process starts (see [Script]). Without it a hit is one comparison with a constant, and there is
/// no other way to switch it on.
public final class Failpoint {

  private static final String VARIABLE = "ARCTIC_FAILPOINTS";
  private static final @Nullable Script SCRIPT = script(System.getenv(VARIABLE));

  private Failpoint() {}

  /// For names that take some making.
  public static boolean isOn() {
    return SCRIPT != null;
  }

  public static void hit(String name) {
    if (SCRIPT != null) {
      SCRIPT.hit(name);
    }
  }

  /// A name in two parts, which are joined only while failpoints are on.
  public static void hit(String what, String when) {
    if (SCRIPT != null) {
      SCRIPT.hit(what + when);
    }
  }

  /// As [#hit(String)], around the word for a kind of thing: `partition.` `UploadBegun`
  /// `.after-commit`.
  public static void hit(String prefix, Object thing, String when) {
    if (SCRIPT != null) {
      SCRIPT.hit(prefix + Script.word(thing) + when);
    }
  }

  private static @Nullable Script script(@Nullable String file) {
    if (file == null || file.isBlank()) {
      return null;
    }
    System.getLogger(Failpoint.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "This process dies, stops and fails as "
                + file
                + " says: for tests only. Unset "
                + VARIABLE
                + ".");
    return new Script(Path.of(file));
  }
}
