package dev.arcticsynth.lab.crash;

import java.nio.file.Path;
import java.util.concurrent.CompletionException;

/// The laboratory from a shell: `CrashLab [point-regex [strikes [labs]]]` runs the rounds that
/// match, one after another, and prints what came of them; strikes are those of [Campaign].
final class CrashLab {
  private CrashLab() {}

  public static void main(String[] arguments) {
    var campaign =
        new Campaign(
            arguments.length > 0 ? arguments[0] : Campaign.ALL,
            arguments.length > 1 ? arguments[1] : "KILL,STOP",
            Long.getLong("lab.seed", Commit.seed()),
            Campaign.WHOLE);
    int labs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    Path folder = Path.of("target", "lab", "run-" + System.currentTimeMillis()).toAbsolutePath();
    var rounds = campaign.rounds();
    var report = new Report();
    try (var labPool = LabPool.start(folder, rounds, labs)) {
      rounds.stream()
          .flatMap(round -> round.targets().stream())
          .forEach(target -> print(target, labPool, report));
      System.out.println(labPool.hits());
    }
    report.write(folder.resolve("report.md"), "`" + campaign.command() + "`");
  }

  private static void print(Target target, LabPool labPool, Report report) {
    System.out.println(java.time.LocalTime.now() + " " + target.title());
    try {
      var verdict = labPool.verdict(target);
      report.add(target, verdict);
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
