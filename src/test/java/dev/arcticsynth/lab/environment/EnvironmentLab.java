package dev.arcticsynth.lab.environment;

import dev.arcticsynth.lab.crash.Round;
import dev.arcticsynth.lab.evidence.Expected.Fate;
import dev.arcticsynth.lab.evidence.Oracle;
import dev.arcticsynth.lab.evidence.Violation;
import dev.arcticsynth.lab.process.LabPostgres;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.ReplicaProcess;
import dev.arcticsynth.lab.stage.AotWarmup;
import dev.arcticsynth.lab.stage.EvidenceCollector;
import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.stage.Stage;
import dev.arcticsynth.lab.wire.BadWires;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/// A lab with a cluster of its own and bad wires, for what happens around the replicas.
final class EnvironmentLab implements AutoCloseable {

  private static final Duration UNDER_WAY = Duration.ofSeconds(2);

  private final LabPostgres postgres;
  private final Lab lab;

  private EnvironmentLab(LabPostgres postgres, Lab lab) {
    this.postgres = postgres;
    this.lab = lab;
  }

  static EnvironmentLab open(Path folder) {
    return open(folder, folder.resolve("postgres"), "", Map.of());
  }

  /// @param data where the cluster is
  /// @param variables of the replicas
  static EnvironmentLab open(
      Path folder, Path data, String databaseSettings, Map<String, String> settings) {
    var postgres = LabPostgres.create(data, databaseSettings);
    AotWarmup.once(folder, postgres);
    var lab = Lab.open(folder.resolve("lab"), postgres, new BadWires(), 2, settings);
    boolean _ = lab.callsBack();
    return new EnvironmentLab(postgres, lab);
  }

  LabPostgres postgres() {
    return postgres;
  }

  List<Violation> survive(EnvironmentFault environmentFault) {
    String name = environmentFault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    var breaches =
        new ArrayList<>(
            survive(name, () -> environmentFault.strike(lab), environmentFault::explains));
    if (environmentFault.maims()) {
      lab.replicas().forEach(replicaProcess -> breaches.addAll(alone(replicaProcess, name)));
    }
    return breaches;
  }

  /// Whether a replica can still work, when no other one does its work for it.
  private List<Violation> alone(ReplicaProcess replicaProcess, String name) {
    List<ReplicaProcess> others =
        lab.replicas().stream().filter(other -> other != replicaProcess).toList();
    others.forEach(other -> other.signal("STOP"));
    try {
      String prefix = name + "-" + replicaProcess.name().toLowerCase(Locale.ROOT);
      var stage = new Stage(lab, prefix, () -> {});
      stage.awaitOver(stage.submit(Fate.ANSWERED));
      Round.awaitQuiet(lab, prefix);
      return Oracle.judge(EvidenceCollector.of(lab, prefix, stage.expected(), List.of()));
    } finally {
      others.forEach(other -> other.signal("CONT"));
    }
  }

  /// A task before, one that begins while it lasts, and the verdict on both.
  ///
  /// @param strike returns when it is over
  /// @param explains whether an error in the log is no wonder
  List<Violation> survive(String prefix, Runnable strike, Predicate<String> explains) {
    lab.awaitReplicas(2);
    lab.simulator().noFaults();
    List<Integer> logs =
        lab.replicas().stream().map(replicaProcess -> replicaProcess.logLines().size()).toList();
    var stage = new Stage(lab, prefix, () -> {});
    String before = stage.submit(Fate.ANSWERED);
    Polling.pause(UNDER_WAY);
    var striking = CompletableFuture.runAsync(strike, Thread::startVirtualThread);
    String meanwhile = stage.submit(Fate.ANSWERED);
    striking.join();
    stage.awaitOver(before);
    stage.awaitOver(meanwhile);
    lab.wires().mend();
    Round.awaitQuiet(lab, prefix);
    List<String> errors = Round.errors(lab, logs).stream().filter(explains.negate()).toList();
    return Oracle.judge(EvidenceCollector.of(lab, prefix, stage.expected(), errors));
  }

  @Override
  public void close() {
    lab.close();
    postgres.close();
  }

  /// From a shell: the mishaps that are named, or all.
  public static void main(String[] arguments) {
    Path folder =
        Path.of("target", "lab", "environment-" + System.currentTimeMillis()).toAbsolutePath();
    try (var environmentLab = open(folder)) {
      for (EnvironmentFault environmentFault : EnvironmentFault.values()) {
        if (arguments.length == 0 || environmentFault.name().matches(arguments[0])) {
          long begun = System.nanoTime();
          String verdict;
          try {
            verdict = environmentLab.survive(environmentFault).toString();
          } catch (RuntimeException e) {
            verdict = e.toString();
          }
          System.out.println(
              environmentFault + " " + Duration.ofNanos(System.nanoTime() - begun) + " " + verdict);
        }
      }
    }
  }
}
