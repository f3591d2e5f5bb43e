package dev.arcticsynth.home;

import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// `ARCTIC_HOME`, or `.arctic-synth` in the user's folder: where the embedded database, the
/// simulator and staged files lie. The one place that knows.
@Singleton
public final class Home {

  private final Path folder;

  Home(@ConfigProperty(name = "arctic.home") Optional<String> configured) {
    this.folder = of(configured);
  }

  public Path folder() {
    return folder;
  }

  /// What is known before any file of settings is read.
  public static Path ofProcess() {
    return of(
        Optional.ofNullable(System.getenv("ARCTIC_HOME"))
            .or(() -> Optional.ofNullable(System.getProperty("arctic.home"))));
  }

  /// A variable that a script forgot to set does not make the folder of the moment ours.
  static Path of(Optional<String> configured) {
    return configured
        .filter(text -> !text.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".arctic-synth"));
  }
}
