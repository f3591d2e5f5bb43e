package dev.arcticsynth.lab.stage;

import dev.arcticsynth.lab.evidence.CallbackSink;
import dev.arcticsynth.lab.process.LabPostgres;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.Program;
import dev.arcticsynth.lab.process.ReplicaProcess;
import dev.arcticsynth.lab.process.ServiceClient;
import dev.arcticsynth.lab.process.SimulatorProcess;
import dev.arcticsynth.lab.wire.Wires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// A laboratory: replicas of the service with a database and a provider of their own.
///
/// Its leases are short and its ticks quick, so that a round is.
public final class Lab implements AutoCloseable {

  public static final java.time.Duration LEASE = java.time.Duration.ofSeconds(2);

  private final Path folder;
  private final LabPostgres postgres;
  private final String database;
  private final SimulatorProcess simulator;
  private final Failpoints failpoints;
  private final List<ReplicaProcess> replicas;
  private final ServiceClient client;
  private final Wires wires;
  private final CallbackSink sink = new CallbackSink();
  private Optional<Boolean> callsBack = Optional.empty();

  private Lab(
      Path folder,
      LabPostgres postgres,
      String database,
      SimulatorProcess simulator,
      Failpoints failpoints,
      List<ReplicaProcess> replicas,
      Wires wires) {
    this.folder = folder;
    this.postgres = postgres;
    this.database = database;
    this.simulator = simulator;
    this.failpoints = failpoints;
    this.replicas = List.copyOf(replicas);
    this.wires = wires;
    this.client =
        new ServiceClient(() ->
            this.replicas.stream()
                .filter(ReplicaProcess::isOpen)
                .map(ReplicaProcess::uri)
                .toList());
  }

  /// @param settings of the service, besides those of the lab
  public static Lab open(
      Path folder, LabPostgres postgres, Wires wires, int replicas, Map<String, String> settings) {
    return open(folder, postgres, wires, replicas, settings, Map.of());
  }

  /// @param variables of the first replica's environment
  public static Lab open(
      Path folder,
      LabPostgres postgres,
      Wires wires,
      int replicas,
      Map<String, String> settings,
      Map<String, String> variables) {
    try {
      Path _ = Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var program = Program.packaged();
    String database = postgres.freshDatabase();
    var simulator = new SimulatorProcess(program, folder);
    int databasePort = wires.toDatabase(postgres.port());
    int providerPort = wires.toProvider(simulator.port());
    var failpoints = new Failpoints(folder.resolve("failpoints"));
    List<ReplicaProcess> started =
        IntStream.range(0, replicas)
            .mapToObj(i -> String.valueOf((char) ('A' + i)))
            .map(name -> {
              var properties =
                  new HashMap<>(
                      settings(
                          folder.resolve(name + ".staging"), database, databasePort, providerPort));
              properties.putAll(CallbackSink.settings());
              properties.putAll(settings);
              return new ReplicaProcess(
                  program,
                  name,
                  folder,
                  properties,
                  name.equals("A") ? variables : Map.of(),
                  failpoints.file());
            })
            .toList();
    var lab = new Lab(folder, postgres, database, simulator, failpoints, started, wires);
    simulator.awaitReady();
    lab.awaitReplicas(replicas);
    return lab;
  }

  static Map<String, String> settings(
      Path staging, String database, int databasePort, int providerPort) {
    return Map.ofEntries(
        Map.entry(
            "quarkus.datasource.reactive.url",
            "postgresql://127.0.0.1:%d/%s".formatted(databasePort, database)),
        Map.entry("quarkus.datasource.username", LabPostgres.USER),
        Map.entry("quarkus.datasource.password", "not-asked-for"),
        Map.entry("arctic.providers.sim.type", "simulator"),
        Map.entry("arctic.providers.sim.url", "http://127.0.0.1:%d/v1".formatted(providerPort)),
        Map.entry("arctic.providers.sim.idle-timeout", "10s"),
        Map.entry("arctic.lease", LEASE.toString()),
        Map.entry("arctic.lease-renewal", "500ms"),
        Map.entry("arctic.submit.settle", "2s"),
        Map.entry("arctic.tick", "200ms"),
        Map.entry("arctic.flow.concurrency", "3"),
        Map.entry("arctic.flow.pause-first", "300ms"),
        Map.entry("arctic.flow.pause-max", "2s"),
        // A crowd of tasks is polled by lists, one task batch by batch.
        Map.entry("arctic.poll.together", "4"),
        Map.entry("arctic.flow.staging-dir", staging.toString()),
        Map.entry("arctic.retry.after", "1s"),
        Map.entry("arctic.retry.linger", "1s"),
        Map.entry("arctic.blob.sweep", "2s"),
        Map.entry("arctic.blob.grace", "30s"));
  }

  public Path folder() {
    return folder;
  }

  public SimulatorProcess simulator() {
    return simulator;
  }

  public LabPostgres postgres() {
    return postgres;
  }

  public Failpoints failpoints() {
    return failpoints;
  }

  public ServiceClient client() {
    return client;
  }

  CallbackSink sink() {
    return sink;
  }

  /// Whether the service under test can call back. Once known it stays so.
  public synchronized boolean callsBack() {
    if (callsBack.isEmpty()) {
      callsBack =
          Optional.of(
              rows("SELECT to_regclass('delivery') IS NOT NULL AS it").stream()
                  .anyMatch(row -> row.getOrDefault("it", "f").equals("t")));
    }
    return callsBack.get();
  }

  public Wires wires() {
    return wires;
  }

  public List<ReplicaProcess> replicas() {
    return replicas;
  }

  public Optional<ReplicaProcess> replica(long pid) {
    return replicas.stream().filter(replicaProcess -> replicaProcess.pid() == pid).findFirst();
  }

  /// The replica that works on the task.
  ReplicaProcess ownerOfALease(String task) {
    return rows(
            "SELECT p.lease_owner FROM partition p JOIN task t ON t.id = p.task_id WHERE t.name = ? AND p.lease_owner <> ''",
            task)
        .stream()
        .findFirst()
        .flatMap(row -> replica(Long.parseLong(row.getOrDefault("lease_owner", "0").split("@")[0])))
        .orElse(replicas.getFirst());
  }

  public Connection connect() throws SQLException {
    return postgres.connect(database);
  }

  public void execute(String sql) {
    postgres.execute(database, sql);
  }

  /// Rows of text, columns as the statement names them. A database that is down is waited for.
  public List<Map<String, String>> rows(String sql, Object... parameters) {
    long end = System.nanoTime() + Polling.LONG.toNanos();
    while (true) {
      try {
        return rowsNow(sql, parameters);
      } catch (SQLException e) {
        if (!isAway(e) || System.nanoTime() > end) {
          throw new IllegalStateException(sql, e);
        }
        Polling.pause(java.time.Duration.ofMillis(200));
      }
    }
  }

  /// No connection, or one that was just ended: classes 08 and 57.
  private static boolean isAway(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57");
  }

  private List<Map<String, String>> rowsNow(String sql, Object... parameters) throws SQLException {
    try (var connection = connect();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      var rows = new ArrayList<Map<String, String>>();
      try (var found = statement.executeQuery()) {
        int columns = found.getMetaData().getColumnCount();
        while (found.next()) {
          var row = new HashMap<String, String>();
          for (int i = 1; i <= columns; i++) {
            String value = found.getString(i);
            row.put(found.getMetaData().getColumnLabel(i), value == null ? "" : value);
          }
          rows.add(row);
        }
      }
      return rows;
    }
  }

  /// Starts dead replicas again, and waits until so many answer.
  public void awaitReplicas(int wanted) {
    Polling.until(
        () -> wanted + " replicas of " + replicas + " in " + folder,
        () -> {
          // One that was struck at the very end may still be about to die.
          reviveReplicas();
          return replicas.stream().filter(ReplicaProcess::isReady).count() >= wanted;
        });
  }

  /// Starts those that are dead.
  public void reviveReplicas() {
    replicas.stream()
        .filter(replicaProcess -> !replicaProcess.isAlive())
        .forEach(ReplicaProcess::restart);
  }

  @Override
  public void close() {
    replicas.forEach(ReplicaProcess::kill);
    simulator.close();
    sink.close();
    wires.close();
  }
}
