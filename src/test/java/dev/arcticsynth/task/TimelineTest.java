package dev.arcticsynth.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.support.PostgresForTests;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// Managed databases may forbid to ask which timeline they write.
class TimelineTest {

  @Test
  void a_database_that_may_not_show_its_timeline_has_an_empty_one() throws SQLException {
    // Given
    String url = PostgresForTests.freshJdbcUrl();
    var _ = Flyway.configure().dataSource(url, null, null).load().migrate();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      String shown = timeline(statement);
      String role = "unprivileged_" + System.nanoTime();
      statement.execute("REVOKE EXECUTE ON FUNCTION pg_walfile_name(pg_lsn) FROM PUBLIC");
      statement.execute("CREATE ROLE " + role);

      // When
      statement.execute("SET ROLE " + role);
      String denied = timeline(statement);

      // Then
      assertThat(shown).matches("[0-9A-F]{8}");
      assertThat(denied).isEmpty();
    }
  }

  private static String timeline(Statement statement) throws SQLException {
    try (var rows = statement.executeQuery("SELECT wal_timeline()")) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }
}
