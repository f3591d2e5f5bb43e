package dev.arcticsynth.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One throw-away PostgreSQL for all tests of a JVM, and a fresh empty database for each test that
/// asks. Its time zone is odd on purpose (UTC+12:45): code that ignores zones fails.
public final class PostgresForTests implements QuarkusTestResourceLifecycleManager {
  public static final String USER = "postgres";
  public static final String PASSWORD = "not asked for";

  private static final String TIME_ZONE = "Pacific/Chatham";

  /// A system property, since Quarkus loads test classes in several class loaders.
  private static final String PORT = "arctic.test.postgres.port";

  @Override
  public Map<String, String> start() {
    String database = "//127.0.0.1:" + port() + "/" + freshDatabase();
    return Map.of(
        "quarkus.datasource.reactive.url",
        "postgresql:" + database,
        "quarkus.datasource.jdbc.url",
        "jdbc:postgresql:" + database,
        "quarkus.datasource.username",
        USER,
        "quarkus.datasource.password",
        PASSWORD);
  }

  /// The server ends with the JVM.
  @Override
  public void stop() {}

  /// @param jdbcUrl as the settings have it
  public static String withUser(@Nullable String jdbcUrl) {
    return jdbcUrl + "?user=" + USER;
  }

  /// For plain tests: complete with its user.
  public static String freshJdbcUrl() {
    return jdbcUrl(freshDatabase());
  }

  private static String freshDatabase() {
    String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
      return name;
    } catch (SQLException e) {
      throw new IllegalStateException("The PostgreSQL for tests does not answer", e);
    }
  }

  private static String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database + "?user=" + USER;
  }

  private static int port() {
    synchronized (PORT.intern()) {
      if (System.getProperty(PORT) == null) {
        System.setProperty(PORT, Integer.toString(startServer().getPort()));
      }
      return Integer.getInteger(PORT);
    }
  }

  private static EmbeddedPostgres startServer() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("timezone", TIME_ZONE)
          .setServerConfig("fsync", "off")
          .setLocaleConfig("locale", "C")
          .setLocaleConfig("locale-provider", "builtin")
          .setLocaleConfig("builtin-locale", "C.UTF-8")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
