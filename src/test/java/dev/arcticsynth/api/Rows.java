package dev.arcticsynth.api;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.eclipse.microprofile.config.ConfigProvider;

/// What is in the service's database.
final class Rows {
  private Rows() {}

  /// All that a call may leave behind, as one text to compare.
  static String stored() {
    return one(
        """
        SELECT format('tasks %s, blobs %s, blob chunks %s, request chunks %s, ids %s, events %s',
          (SELECT count(*) FROM task), (SELECT count(*) FROM blob), (SELECT count(*) FROM blob_chunk),
          (SELECT count(*) FROM request_chunk), (SELECT count(*) FROM request_ids), (SELECT count(*) FROM task_event))\
        """);
  }

  /// The flow stands still in these tests; this is how a task gets over.
  static void complete(String task) {
    run(
        """
        UPDATE task SET state = 'COMPLETED', finished_at = now(), due_at = NULL, succeeded = requests
         WHERE name = '%s'\
        """
            .formatted(task));
  }

  static String one(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  static void run(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static Connection connect() throws SQLException {
    var config = ConfigProvider.getConfig();
    return DriverManager.getConnection(
        config.getValue("quarkus.datasource.jdbc.url", String.class),
        config.getValue("quarkus.datasource.username", String.class),
        config.getValue("quarkus.datasource.password", String.class));
  }
}
