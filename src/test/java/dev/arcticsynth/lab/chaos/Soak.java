package dev.arcticsynth.lab.chaos;

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
import dev.arcticsynth.lab.wire.Wires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// Goes on for hours: twenty tasks a minute, a provider in a bad mood, and a kill each minute.
/// Replica A is never killed: what grows, grows there.
final class Soak {

  private static final Duration BETWEEN_TASKS = Duration.ofSeconds(3);
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(60);
  private static final double SLACK = 1.5;

  /// What a process has; compared at the end with what it had after the first minutes.
  private record Usage(long files, long connections, long heap) {}

  private final Lab lab;
  private final Random random;
  private final Deque<Stage> running = new ArrayDeque<>();
  private final List<Violation> breaches = new ArrayList<>();

  private Soak(Lab lab, long seed) {
    this.lab = lab;
    this.random = new Random(seed);
  }

  static List<Violation> run(Path folder, long seed, Duration length) {
    try (var postgres = LabPostgres.create(folder.resolve("postgres"), "")) {
      AotWarmup.once(folder, postgres);
      try (var lab = Lab.open(folder.resolve("lab"), postgres, Wires.straight(), 3, Map.of())) {
        return new Soak(lab, seed).run(length);
      }
    }
  }

  private List<Violation> run(Duration length) {
    Instant begun = Instant.now();
    Instant end = begun.plus(length);
    Usage baseline = null;
    Instant nextKill = begun.plus(BETWEEN_KILLS);
    lab.simulator()
        .fault(
            "{\"fault\":{\"type\":\"refused\",\"status\":503,\"html\":true},\"calls\":[],\"times\":0,\"share\":0.02}");
    lab.simulator()
        .fault(
            "{\"fault\":{\"type\":\"lost_reply\"},\"calls\":[\"CREATE\"],\"times\":0,\"share\":0.02}");
    for (int i = 0; Instant.now().isBefore(end); i++) {
      submit(i);
      Polling.pause(BETWEEN_TASKS);
      finish(10);
      if (Instant.now().isAfter(nextKill)) {
        ReplicaProcess victim = lab.replicas().get(1 + random.nextInt(lab.replicas().size() - 1));
        victim.kill();
        victim.restart();
        nextKill = Instant.now().plus(BETWEEN_KILLS);
      }
      if (baseline == null && Instant.now().isAfter(begun.plus(length.dividedBy(10)))) {
        baseline = usage();
      }
    }
    finish(0);
    lab.awaitReplicas(lab.replicas().size());
    Polling.pause(BETWEEN_KILLS.dividedBy(2));
    compare(baseline == null ? usage() : baseline, usage());
    return List.copyOf(breaches);
  }

  private void submit(int n) {
    var stage = new Stage(lab, "soak" + n, () -> {});
    String _ = stage.submit(Fate.ANSWERED);
    running.addLast(stage);
  }

  /// Judges the oldest until so many are left.
  private void finish(int left) {
    while (running.size() > left) {
      Stage stage = running.removeFirst();
      stage.expected().forEach(each -> stage.awaitOver(each.task()));
      Round.awaitQuiet(lab, stage.prefix());
      breaches.addAll(
          Oracle.judge(
              EvidenceCollector.of(lab, stage.prefix(), stage.expected(), List.of()).settled()));
      stage.expected().forEach(each -> lab.client().delete(each.task()));
    }
  }

  private void compare(Usage before, Usage after) {
    check("open files", before.files(), after.files());
    check("connections to the database", before.connections(), after.connections());
    check("heap", before.heap(), after.heap());
  }

  private void check(String what, long before, long after) {
    if (after > before * SLACK + 20) {
      breaches.add(new Violation("growth", "%s grew from %d to %d".formatted(what, before, after)));
    }
  }

  private Usage usage() {
    ReplicaProcess watched = lab.replicas().getFirst();
    return new Usage(
        openFiles(watched.pid()),
        lab.rows("SELECT 1 AS it FROM pg_stat_activity WHERE datname = current_database()").size(),
        heap(watched));
  }

  private static long openFiles(long pid) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    } catch (IOException e) {
      return 0;
    }
  }

  /// In MiB, after a collection that we ask for.
  private static long heap(ReplicaProcess replicaProcess) {
    try {
      String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      int _ =
          new ProcessBuilder(jcmd, Long.toString(replicaProcess.pid()), "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      var asked =
          new ProcessBuilder(jcmd, Long.toString(replicaProcess.pid()), "GC.heap_info")
              .redirectErrorStream(true)
              .start();
      return asked
          .inputReader()
          .lines()
          .filter(line -> line.contains("used"))
          .limit(2)
          .mapToLong(line -> Long.parseLong(line.replaceAll(".*used (\\d+)K.*", "$1")) / 1024)
          .sum();
    } catch (IOException | NumberFormatException e) {
      return 0;
    } catch (InterruptedException e) {
      throw Polling.interrupted(e);
    }
  }
}
