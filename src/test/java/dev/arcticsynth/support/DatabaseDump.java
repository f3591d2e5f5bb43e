package dev.arcticsynth.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A database of ours as two files of SQL: `schema.sql`, the migrations that made it, one after
/// another, and `data.sql`, a statement a row, Flyway's own history included.
///
/// Not by `pg_dump`: the PostgreSQL that tests bring has none.
public final class DatabaseDump {

  private static final String SCHEMA = "schema.sql";
  private static final String DATA = "data.sql";

  /// As Flyway 11 makes it.
  private static final String HISTORY =
      """
      CREATE TABLE flyway_schema_history (
        installed_rank integer NOT NULL CONSTRAINT flyway_schema_history_pk PRIMARY KEY,
        version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL,
        script varchar(1000) NOT NULL, checksum integer, installed_by varchar(100) NOT NULL,
        installed_on timestamp NOT NULL DEFAULT now(), execution_time integer NOT NULL, success boolean NOT NULL);
      CREATE INDEX flyway_schema_history_s_idx ON flyway_schema_history (success);
      """;

  private static final String TABLES =
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename";

  /// A row as the statement that puts it back, whatever its types are.
  private static final String ROWS =
      """
      SELECT format('INSERT INTO %%I OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_record(NULL::%%1$I, %%L);', '%1$s', row_to_json(t)) AS it
        FROM %1$s t ORDER BY it\
      """;

  private static final String IDENTITIES =
      """
      SELECT format('SELECT setval(%L, %s);', pg_get_serial_sequence(table_name, column_name),
                    nextval(pg_get_serial_sequence(table_name, column_name)))
        FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES' ORDER BY 1\
      """;

  private DatabaseDump() {}

  /// @param url with its user
  public static void write(String url, Path folder) throws SQLException, IOException {
    var lines = new ArrayList<String>();
    try (Connection connection = DriverManager.getConnection(url)) {
      for (String table : texts(connection, TABLES)) {
        lines.addAll(texts(connection, ROWS.formatted(table)));
      }
      lines.addAll(texts(connection, IDENTITIES));
    }
    Path _ = Files.createDirectories(folder);
    Path _ = Files.writeString(folder.resolve(SCHEMA), HISTORY + migrations());
    Path _ =
        Files.writeString(
            folder.resolve(DATA),
            lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
  }

  /// Into an empty database.
  ///
  /// @param url with its user, who is a superuser: triggers and references wait until all is there
  public static void restore(Path folder, String url) throws SQLException, IOException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(Files.readString(folder.resolve(SCHEMA)));
      boolean _ = statement.execute("SET session_replication_role = replica");
      // Migrations bring rows of their own.
      String tables = String.join(", ", texts(connection, TABLES));
      boolean _ = statement.execute("TRUNCATE " + tables);
      boolean _ = statement.execute(Files.readString(folder.resolve(DATA)));
    }
  }

  private static String migrations() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      List<Path> inOrder = files.sorted(Comparator.comparingInt(DatabaseDump::version)).toList();
      var text = new StringBuilder();
      for (Path file : inOrder) {
        text.append("\n-- ").append(file.getFileName()).append('\n').append(Files.readString(file));
      }
      return text.toString();
    }
  }

  private static int version(Path migration) {
    return Integer.parseInt(migration.getFileName().toString().replaceAll("^V(\\d+)__.*", "$1"));
  }

  private static List<String> texts(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }
}
