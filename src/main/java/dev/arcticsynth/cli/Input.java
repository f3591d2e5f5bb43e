package dev.arcticsynth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file of request lines.
record Input(Path file) {
  private static final Path STDIN = Path.of("-");

  Input {
    if (!file.equals(STDIN)) {
      if (!Files.exists(file)) {
        throw new Failure.Usage("There is no file %s.".formatted(file));
      }
      if (Files.isDirectory(file) || !Files.isReadable(file)) {
        throw new Failure.Usage("%s is not a file that can be read.".formatted(file));
      }
    }
  }

  boolean isStdin() {
    return file.equals(STDIN);
  }

  BodyPublisher lines() {
    try {
      return isStdin()
          ? BodyPublishers.ofInputStream(() -> System.in)
          : BodyPublishers.ofFile(file);
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  String sha256() {
    try (InputStream in = Files.newInputStream(file)) {
      return Digest.sha256(in);
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  private Failure.Usage cannotRead(IOException e) {
    return new Failure.Usage("Cannot read %s: %s.".formatted(file, Reason.of(e)));
  }
}
