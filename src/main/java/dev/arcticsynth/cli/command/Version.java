package dev.arcticsynth.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import picocli.CommandLine.IVersionProvider;

/// What `--version` prints: the version that the build wrote into the jar that was started.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Path started = Path.of(System.getProperty("java.class.path", ""));
    return new String[] {"arctic-synth " + of(started).orElse("(not packaged)")};
  }

  private static Optional<String> of(Path jar) {
    if (!Files.isRegularFile(jar)) {
      return Optional.empty();
    }
    try (var file = new JarFile(jar.toFile())) {
      return Optional.ofNullable(file.getManifest())
          .map(manifest -> manifest.getMainAttributes().getValue(Name.IMPLEMENTATION_VERSION));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
