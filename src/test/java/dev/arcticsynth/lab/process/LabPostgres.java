package dev.arcticsynth.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A PostgreSQL cluster of the lab's own, which may be killed.
///
/// `fsync` is off: a process that dies takes nothing with it that it has handed to the operating
/// system, and the machine itself does not die here.
public final class LabPostgres implements AutoCloseable {

  public static final String USER = "lab";

  private static final String SETTINGS =
      """
      listen_addresses = '127.0.0.1'
      unix_socket_directories = ''
      max_connections = 400
      shared_buffers = '64MB'
      fsync = off
      synchronous_commit = on
      timezone = 'Pacific/Chatham'
      log_statement = none
      """;

  private final PostgresPrograms programs;
  private final Path folder;
  private final int port;
  private LabProcess server;

  private LabPostgres(PostgresPrograms programs, Path folder, int port, LabProcess server) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
    this.server = server;
  }

  /// @param settings lines of postgresql.conf, after and above ours
  public static LabPostgres create(Path folder, String settings) {
    var programs = PostgresPrograms.unpacked();
    Path data = folder.resolve("data");
    try {
      Path _ = Files.createDirectories(folder);
      run(
          programs.command(
              "initdb",
              "--pgdata=" + data,
              "--username=" + USER,
              "--auth=trust",
              "--encoding=UTF8",
              "--locale=C",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--no-sync",
              "--no-instructions"),
          folder.resolve("initdb.log"));
      int port = FreePorts.free();
      Path _ =
          Files.writeString(
              data.resolve("postgresql.conf"),
              "\n" + SETTINGS + settings + "\nport = " + port + "\n",
              StandardOpenOption.APPEND);
      var postgres = new LabPostgres(programs, folder, port, launch(programs, folder));
      postgres.awaitReady();
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  Path data() {
    return folder.resolve("data");
  }

  Path log() {
    return folder.resolve("server.log");
  }

  public String freshDatabase() {
    String name = "lab_" + UUID.randomUUID().toString().replace("-", "");
    execute("postgres", "create database " + name);
    return name;
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&connectTimeout=5&socketTimeout=60"
            .formatted(port, database, USER));
  }

  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /// SIGKILL to the postmaster: its children notice and end; what was not committed is gone.
  public void killHard() {
    server.kill();
  }

  /// Sessions are ended, as by an operator who restarts it.
  public void stopFast() {
    server.signal("INT");
    boolean _ = server.exits(Duration.ofMinutes(1));
  }

  /// Comes up again, through recovery if need be; children of a killed server may take a moment to
  /// go, until which PostgreSQL refuses.
  public void start() {
    Polling.until(
        () -> "PostgreSQL to start, see " + log(),
        () -> {
          server = launch(programs, folder);
          return Polling.within(Duration.ofSeconds(30), () -> !server.isAlive() || answers())
              && server.isAlive();
        });
  }

  public boolean answers() {
    try (Connection _ = connect("postgres")) {
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() {
    server.kill();
  }

  private void awaitReady() {
    Polling.until(() -> "PostgreSQL to answer, see " + log(), this::answers);
  }

  private static LabProcess launch(PostgresPrograms programs, Path folder) {
    return LabProcess.start(
        "postgres",
        programs.command("postgres", "-D", folder.resolve("data").toString()),
        Map.of("LC_ALL", "C"),
        folder.resolve("server.log"));
  }

  private static void run(List<String> command, Path log) {
    var process = LabProcess.start("initdb", command, Map.of("LC_ALL", "C"), log);
    if (!process.exits(Polling.LONG)) {
      throw new Polling.StuckException("initdb, see " + log);
    }
  }
}
