package dev.arcticsynth.cli.service;

import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.IoErrors;
import dev.arcticsynth.cli.terminal.Phases;
import dev.arcticsynth.embedded.EmbeddedPostgres;
import dev.arcticsynth.embedded.EmbeddedPostgresException;
import dev.arcticsynth.home.Home;
import java.io.IOException;
import java.io.Reader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// The database of a service in this process: the configured one, else the embedded PostgreSQL.
final class ServiceDatabase implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ServiceDatabase.class.getName());
  private static final String URL = "quarkus.datasource.reactive.url";
  private static final String URL_VARIABLE = "QUARKUS_DATASOURCE_REACTIVE_URL";
  private static final List<Path> FILES =
      List.of(Path.of("config", "application.properties"), Path.of(".env"));

  private final Runnable leave;

  ServiceDatabase(Runnable leave) {
    this.leave = leave;
  }

  static ServiceDatabase join(Phases phases) {
    return isConfigured() ? new ServiceDatabase(() -> {}) : embedded(phases);
  }

  /// A second call waits too: at Ctrl-C the command and the shutdown hook both close, and the JVM
  /// ends as soon as the hook returns.
  @Override
  public synchronized void close() {
    try {
      leave.run();
    } catch (EmbeddedPostgresException e) {
      // The work is done and written: its exit code must not change for this.
      LOG.log(Level.WARNING, e.getMessage());
    }
  }

  private static ServiceDatabase embedded(Phases phases) {
    Path home = Home.ofProcess();
    String what =
        EmbeddedPostgres.isMade(home)
            ? "Starting the database"
            : "Preparing the database, this once";
    try (var _ = phases.begin(what)) {
      EmbeddedPostgres postgres = EmbeddedPostgres.join(home);
      settings(postgres).forEach(System::setProperty);
      return new ServiceDatabase(postgres::close);
    } catch (EmbeddedPostgresException e) {
      throw Failure.Unreachable.forGood(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> settings(EmbeddedPostgres postgres) {
    return Map.of(
        URL,
        postgres.reactiveUrl(),
        "quarkus.datasource.jdbc.url",
        postgres.jdbcUrl(),
        "quarkus.datasource.username",
        postgres.user(),
        "quarkus.datasource.password",
        postgres.password(),
        // The settings arctic.callback.key and key-file win.
        "arctic.embedded.callback-key-file",
        postgres.callbackKey().toString());
  }

  private static boolean isConfigured() {
    return System.getenv(URL_VARIABLE) != null
        || System.getProperty(URL) != null
        || FILES.stream().anyMatch(ServiceDatabase::names);
  }

  private static boolean names(Path file) {
    if (!Files.isReadable(file)) {
      return false;
    }
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new Failure.Usage("Cannot read %s: %s.".formatted(file, IoErrors.of(e)));
    }
    return properties.stringPropertyNames().stream()
        .map(name -> name.replaceFirst("^%prod\\.", ""))
        .anyMatch(name -> name.equals(URL) || name.equals(URL_VARIABLE));
  }
}
