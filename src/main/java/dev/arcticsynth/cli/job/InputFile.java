package dev.arcticsynth.cli.job;

import dev.arcticsynth.cli.client.Sha256;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of request lines.
public record InputFile(Path file) {
  private static final Path STDIN = Path.of("-");

  public InputFile {
    if (!file.equals(STDIN)) {
      if (!Files.exists(file)) {
        throw new Failure.Usage("There is no file %s.".formatted(file));
      }
      if (Files.isDirectory(file) || !Files.isReadable(file)) {
        throw new Failure.Usage("%s is not a file that can be read.".formatted(file));
      }
    }
  }

  public boolean isStdin() {
    return file.equals(STDIN);
  }

  public BodyPublisher lines() {
    try {
      return isStdin()
          ? BodyPublishers.ofInputStream(() -> System.in)
          : BodyPublishers.ofFile(file);
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  public String sha256() {
    try (InputStream in = Files.newInputStream(file)) {
      return Sha256.sha256(in);
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  private Failure.Usage cannotRead(IOException e) {
    return new Failure.Usage("Cannot read %s: %s.".formatted(file, IoErrors.of(e)));
  }
}
