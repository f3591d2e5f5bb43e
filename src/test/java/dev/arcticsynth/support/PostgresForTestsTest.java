package dev.arcticsynth.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresForTestsTest {
  @Test
  void databases_are_empty_and_apart_from_each_other() throws SQLException {
    // Given
    run(PostgresForTests.freshJdbcUrl(), "create table here (id int)");

    // When
    String other = PostgresForTests.freshJdbcUrl();

    // Then
    assertThat(ask(other, "select count(*) from pg_tables where schemaname = 'public'"))
        .isEqualTo("0");
  }

  @Test
  void quarkus_gets_all_settings_that_it_needs_to_connect() {
    // When
    Map<String, String> settings = new PostgresForTests().start();

    // Then
    assertThat(settings)
        .containsOnlyKeys(
            "quarkus.datasource.reactive.url",
            "quarkus.datasource.jdbc.url",
            "quarkus.datasource.username",
            "quarkus.datasource.password");
  }

  @Test
  void the_server_lives_in_an_odd_time_zone() throws SQLException {
    // When (the driver sets each session to the zone of the JVM, so no session shows it)
    String options = ask(PostgresForTests.freshJdbcUrl(), "select pg_read_file('postmaster.opts')");

    // Then
    assertThat(options).contains("timezone=Pacific/Chatham");
  }

  private static void run(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }
}
