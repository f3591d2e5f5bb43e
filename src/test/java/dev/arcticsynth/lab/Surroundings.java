package dev.arcticsynth.lab;

import dev.arcticsynth.lab.Expected.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/// A lab with a cluster of its own and bad wires, for what happens around the replicas.
final class Surroundings implements AutoCloseable {

  private static final Duration UNDER_WAY = Duration.ofSeconds(2);

  private final LabPostgres postgres;
  private final Lab lab;

  private Surroundings(LabPostgres postgres, Lab lab) {
    this.postgres = postgres;
    this.lab = lab;
  }

  static Surroundings open(Path folder) {
    return open(folder, folder.resolve("postgres"), "", Map.of());
  }

  /// @param data where the cluster is
  /// @param variables of the replicas
  static Surroundings open(
      Path folder, Path data, String databaseSettings, Map<String, String> settings) {
    var postgres = LabPostgres.create(data, databaseSettings);
    Training.once(folder, postgres);
    var lab = Lab.open(folder.resolve("lab"), postgres, new BadWires(), 2, settings);
    boolean _ = lab.callsBack();
    return new Surroundings(postgres, lab);
  }

  LabPostgres postgres() {
    return postgres;
  }

  List<Breach> survive(Mishap mishap) {
    String name = mishap.name().toLowerCase(Locale.ROOT).replace('_', '-');
    var breaches = new ArrayList<>(survive(name, () -> mishap.strike(lab), mishap::explains));
    if (mishap.maims()) {
      lab.replicas().forEach(replica -> breaches.addAll(alone(replica, name)));
    }
    return breaches;
  }

  /// Whether a replica can still work, when no other one does its work for it.
  private List<Breach> alone(Replica replica, String name) {
    List<Replica> others = lab.replicas().stream().filter(other -> other != replica).toList();
    others.forEach(other -> other.signal("STOP"));
    try {
      String prefix = name + "-" + replica.name().toLowerCase(Locale.ROOT);
      var stage = new Stage(lab, prefix, () -> {});
      stage.awaitOver(stage.submit(Fate.ANSWERED));
      Round.awaitQuiet(lab, prefix);
      return Oracle.judge(Gather.of(lab, prefix, stage.expected(), List.of()));
    } finally {
      others.forEach(other -> other.signal("CONT"));
    }
  }

  /// A task before, one that begins while it lasts, and the verdict on both.
  ///
  /// @param strike returns when it is over
  /// @param explains whether an error in the log is no wonder
  List<Breach> survive(String prefix, Runnable strike, Predicate<String> explains) {
    lab.awaitReplicas(2);
    lab.simulator().noFaults();
    List<Integer> logs = lab.replicas().stream().map(replica -> replica.logLines().size()).toList();
    var stage = new Stage(lab, prefix, () -> {});
    String before = stage.submit(Fate.ANSWERED);
    Waiting.pause(UNDER_WAY);
    var striking = CompletableFuture.runAsync(strike, Thread::startVirtualThread);
    String meanwhile = stage.submit(Fate.ANSWERED);
    striking.join();
    stage.awaitOver(before);
    stage.awaitOver(meanwhile);
    lab.wires().mend();
    Round.awaitQuiet(lab, prefix);
    List<String> errors = Round.errors(lab, logs).stream().filter(explains.negate()).toList();
    return Oracle.judge(Gather.of(lab, prefix, stage.expected(), errors));
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
    try (var surroundings = open(folder)) {
      for (Mishap mishap : Mishap.values()) {
        if (arguments.length == 0 || mishap.name().matches(arguments[0])) {
          long begun = System.nanoTime();
          String verdict;
          try {
            verdict = surroundings.survive(mishap).toString();
          } catch (RuntimeException e) {
            verdict = e.toString();
          }
          System.out.println(
              mishap + " " + Duration.ofNanos(System.nanoTime() - begun) + " " + verdict);
        }
      }
    }
  }
}
