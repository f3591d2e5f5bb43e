package dev.arcticsynth.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// The database of a service in this process: the configured one, else the embedded PostgreSQL.
final class Database implements AutoCloseable {
  private static final String URL = "quarkus.datasource.reactive.url";
  private static final String URL_VARIABLE = "QUARKUS_DATASOURCE_REACTIVE_URL";
  private static final List<Path> FILES =
      List.of(Path.of("config", "application.properties"), Path.of(".env"));

  private final Runnable leave;

  private Database(Runnable leave) {
    this.leave = leave;
  }

  static Database join() {
    return isConfigured() ? new Database(() -> {}) : embedded();
  }

  @Override
  public void close() {
    leave.run();
  }

  private static Database embedded() {
    throw Failure.Unreachable.forGood("No database at " + home());
  }

  static Path home() {
    return Optional.ofNullable(System.getenv("ARCTIC_HOME"))
        .or(() -> Optional.ofNullable(System.getProperty("arctic.home")))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".arctic-synth"));
  }

  private static boolean isConfigured() {
    return System.getenv(URL_VARIABLE) != null
        || System.getProperty(URL) != null
        || FILES.stream().anyMatch(Database::names);
  }

  private static boolean names(Path file) {
    if (!Files.isReadable(file)) {
      return false;
    }
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(file, Reason.of(e)));
    }
    return properties.stringPropertyNames().stream()
        .map(name -> name.replaceFirst("^%prod\\.", ""))
        .anyMatch(name -> name.equals(URL) || name.equals(URL_VARIABLE));
  }
}
