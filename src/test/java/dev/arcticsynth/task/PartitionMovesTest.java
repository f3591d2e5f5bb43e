package dev.arcticsynth.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.support.PostgresForTests;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PartitionMovesTest {

  private static String url = "";

  @BeforeAll
  static void migrate() {
    url = PostgresForTests.freshJdbcUrl();
    var _ = Flyway.configure().dataSource(url, null, null).load().migrate();
  }

  @Test
  void the_database_allows_the_same_moves_as_the_code() throws SQLException {
    // When
    List<String> inDatabase = rows("SELECT before || ' -> ' || after FROM partition_move");

    // Then
    assertThat(inDatabase)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(PartitionState.values())
                .flatMap(from ->
                    Stream.of(PartitionState.values())
                        .filter(from::canBecome)
                        .map(to -> from + " -> " + to))
                .toList());
  }

  @Test
  void the_database_refuses_a_move_that_is_not_in_the_table() throws SQLException {
    // Given
    run(
        """
        INSERT INTO task (id, owner, name, state, provider, endpoint, auto, hold, max_attempts, metadata, created_at)
        VALUES ('00000000-0000-0000-0000-000000000001', 'o', 'n', 'RUNNING', 'p', '/v1/chat/completions', true, 'NONE', 3, '{}', now());
        INSERT INTO partition (id, task_id, ordinal, kind, provider, model, endpoint, state, first_seq, last_seq, requests, wire_bytes, tries, created_at)
        VALUES ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 0, 'BASE', 'p', 'm', '/v1/chat/completions', 'READY', 0, 0, 1, 1, 1, now())\
        """);

    // Then
    assertThatThrownBy(() -> run("UPDATE partition SET state = 'DOWNLOADED'"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("may not go from READY to DOWNLOADED");
  }

  @Test
  void the_states_of_the_code_are_those_of_the_database() throws SQLException {
    // When
    List<String> checks =
        rows(
            """
            SELECT pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid IN ('partition'::regclass, 'task'::regclass) AND conname LIKE '%_state_check'\
            """);

    // Then
    assertThat(checks).hasSize(2);
    String all = String.join("\n", checks);
    assertThat(PartitionState.values()).allSatisfy(s -> assertThat(all).contains("'" + s + "'"));
    assertThat(TaskState.values()).allSatisfy(s -> assertThat(all).contains("'" + s + "'"));
  }

  private static List<String> rows(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
