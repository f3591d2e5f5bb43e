package dev.arcticsynth.lab;

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
    List<Strike> strikes =
        arguments.length > 1
            ? List.of(Strike.valueOf(arguments[1]))
            : Arrays.asList(Strike.values());
    int labs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    Path folder = Path.of("target", "lab", "run-" + System.currentTimeMillis()).toAbsolutePath();
    var rounds =
        Point.all().stream()
            .filter(point -> point.name().matches(wanted))
            .flatMap(point -> strikes.stream().map(strike -> new Round(point, strike)))
            .toList();
    var report = new Report();
    try (var workshop = Workshop.start(folder, rounds, labs)) {
      rounds.forEach(round -> print(round, workshop, report));
      System.out.println(workshop.hits());
    }
    report.write(folder.resolve("report.md"));
  }

  private static void print(Round round, Workshop workshop, Report report) {
    System.out.println(java.time.LocalTime.now() + " " + round.title());
    try {
      var verdict = workshop.verdict(round);
      report.add(round, verdict);
      System.out.println(
          "  struck="
              + verdict.wasStruck()
              + " recovery="
              + verdict.recovery()
              + " took="
              + verdict.took());
      verdict.breaches().forEach(breach -> System.out.println("  BREACH " + breach));
      System.out.println(verdict.dump());
    } catch (CompletionException e) {
      e.printStackTrace(System.out);
    }
  }
}
