package dev.arcticsynth.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.support.PostgresForTests;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;

/// Replicas that all come up at once on one empty database, as after the first `kubectl apply`.
class ConcurrentMigrationTest {

  private static final int REPLICAS = 20;

  private final String url = PostgresForTests.freshJdbcUrl();

  @Test
  void twenty_replicas_migrate_an_empty_database_once() throws Exception {
    // Given
    var together = new CyclicBarrier(REPLICAS);
    Callable<MigrateResult> start =
        () -> {
          int _ = together.await();
          // As the service does it: nothing but the defaults.
          return Flyway.configure().dataSource(url, null, null).load().migrate();
        };

    // When
    var results = new ArrayList<MigrateResult>();
    try (var replicas = Executors.newFixedThreadPool(REPLICAS)) {
      for (Future<MigrateResult> replica :
          replicas.invokeAll(java.util.Collections.nCopies(REPLICAS, start))) {
        results.add(replica.get());
      }
    }

    // Then
    assertThat(results).allMatch(result -> result.success);
    long migrations = count("SELECT count(*) FROM flyway_schema_history WHERE success");
    assertThat(results.stream().mapToInt(result -> result.migrationsExecuted).sum())
        .isEqualTo((int) migrations);
    assertThat(count("SELECT count(*) FROM flyway_schema_history WHERE NOT success")).isZero();
    assertThat(count("SELECT count(DISTINCT version) FROM flyway_schema_history"))
        .isEqualTo(migrations);
    assertThat(count("SELECT count(*) FROM deployment")).isEqualTo(1);
  }

  private long count(String sql) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }
}
