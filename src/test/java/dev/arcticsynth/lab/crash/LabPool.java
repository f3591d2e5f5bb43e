package dev.arcticsynth.lab.crash;

import dev.arcticsynth.lab.crash.Round.Verdict;
import dev.arcticsynth.lab.process.LabPostgres;
import dev.arcticsynth.lab.stage.AotWarmup;
import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.wire.Wires;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Several labs side by side, each with a database, a provider and replicas of its own: a round is
/// mostly waiting, for leases and for zombies.
final class LabPool implements AutoCloseable {

  /// A point that is hit by chance only, like a claim that is too large, gets some more.
  private static final int CHANCES = 4;

  /// One more than a round with two strikes needs, so that the next round can begin while the last
  /// one's victims start again.
  private static final int REPLICAS = 4;

  private final LabPostgres postgres;
  private final Path folder;
  private final Map<Target, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
  private final Queue<Round> open;
  private final List<CompletableFuture<Void>> workers = new ArrayList<>();
  private final Map<String, Integer> hits = new ConcurrentHashMap<>();

  private LabPool(Path folder, LabPostgres postgres, List<Round> rounds) {
    this.folder = folder;
    this.postgres = postgres;
    this.open = new ConcurrentLinkedQueue<>(rounds);
    rounds.stream()
        .flatMap(round -> round.targets().stream())
        .forEach(target -> {
          CompletableFuture<Verdict> _ = verdicts.put(target, new CompletableFuture<>());
        });
  }

  static LabPool start(Path folder, List<Round> rounds, int labs) {
    var postgres = LabPostgres.create(folder.resolve("postgres"), "");
    AotWarmup.once(folder, postgres);
    var labPool = new LabPool(folder, postgres, rounds);
    for (int i = 0; i < labs; i++) {
      Path its = folder.resolve("lab-" + i);
      labPool.workers.add(
          CompletableFuture.runAsync(
              () -> labPool.work(its), task -> Thread.ofVirtual().name("lab").start(task)));
    }
    return labPool;
  }

  /// Waits for it.
  Verdict verdict(Target target) {
    return promised(target).join();
  }

  Map<String, Integer> hits() {
    workers.forEach(CompletableFuture::join);
    return new TreeMap<>(hits);
  }

  @Override
  public void close() {
    open.clear();
    workers.forEach(worker -> worker.handle((_, _) -> "done").join());
    postgres.close();
  }

  private void work(Path its) {
    int opened = 0;
    while (!open.isEmpty()) {
      try (var lab =
          Lab.open(
              its.resolveSibling(its.getFileName() + "." + opened++),
              postgres,
              Wires.straight(),
              REPLICAS,
              Map.of())) {
        work(lab);
        lab.failpoints().hits().forEach((name, count) -> hits.merge(name, count, Integer::sum));
      } catch (RuntimeException e) {
        // The lab itself is broken; the round that broke it says why, the others get a new one.
        if (opened > verdicts.size()) {
          throw e;
        }
      }
    }
  }

  private void work(Lab lab) {
    for (Round round = open.poll(); round != null; round = open.poll()) {
      try {
        judge(round, lab);
      } catch (RuntimeException e) {
        lab.failpoints().hits().forEach((name, count) -> hits.merge(name, count, Integer::sum));
        round.targets().forEach(target -> promised(target).completeExceptionally(e));
        throw e;
      }
    }
  }

  /// What two strikes missed or broke is done again with each alone: a violation is reported with
  /// what each does by itself, and stays a breach when that is nothing.
  private void judge(Round round, Lab lab) {
    Map<Target, Verdict> together = round.isShared() ? round.run(lab) : Map.of();
    for (Target target : round.targets()) {
      @Nullable Verdict shared = together.get(target);
      if (shared != null && shared.isGood()) {
        boolean _ = promised(target).complete(shared);
      } else {
        Verdict alone = withChances(target, lab);
        boolean _ = promised(target).complete(shared == null ? alone : alone.with(shared));
      }
    }
  }

  private CompletableFuture<Verdict> promised(Target target) {
    return verdicts.getOrDefault(
        target, CompletableFuture.failedFuture(new IllegalArgumentException(target.title())));
  }

  private static Verdict withChances(Target target, Lab lab) {
    Verdict verdict = alone(target, lab);
    for (int i = 1; i < CHANCES && !verdict.wasStruck() && verdict.breaches().isEmpty(); i++) {
      verdict = alone(target, lab);
    }
    return verdict;
  }

  private static Verdict alone(Target target, Lab lab) {
    return Objects.requireNonNull(Round.of(target).run(lab).get(target));
  }

  Path folder() {
    return folder;
  }
}
