package dev.arcticsynth.lab.crash;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;

/// The laboratory from a shell: `CrashLab [point-regex [KILL|STOP]]` runs the rounds that match,
/// one after another, and prints what came of them.
final class CrashLab {
  private CrashLab() {}

  public static void main(String[] arguments) {
    String wanted = arguments.length > 0 ? arguments[0] : ".*";
    List<FaultAction> strikes =
        arguments.length > 1
            ? List.of(FaultAction.valueOf(arguments[1]))
            : Arrays.asList(FaultAction.values());
    int labs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    Path folder = Path.of("target", "lab", "run-" + System.currentTimeMillis()).toAbsolutePath();
    var rounds =
        Point.all().stream()
            .filter(point -> point.name().matches(wanted))
            .flatMap(point -> strikes.stream().map(faultAction -> new Round(point, faultAction)))
            .toList();
    var report = new Report();
    try (var labPool = LabPool.start(folder, rounds, labs)) {
      rounds.forEach(round -> print(round, labPool, report));
      System.out.println(labPool.hits());
    }
    report.write(folder.resolve("report.md"));
  }

  private static void print(Round round, LabPool labPool, Report report) {
    System.out.println(java.time.LocalTime.now() + " " + round.title());
    try {
      var verdict = labPool.verdict(round);
      report.add(round, verdict);
      System.out.println(
          "  struck="
              + verdict.wasStruck()
              + " recovery="
              + verdict.recovery()
              + " took="
              + verdict.took());
      verdict.breaches().forEach(violation -> System.out.println("  BREACH " + violation));
      System.out.println(verdict.dump());
    } catch (CompletionException e) {
      e.printStackTrace(System.out);
    }
  }
}
