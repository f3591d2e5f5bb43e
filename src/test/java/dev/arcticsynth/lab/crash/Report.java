package dev.arcticsynth.lab.crash;

import dev.arcticsynth.lab.crash.Round.Verdict;
import dev.arcticsynth.lab.stage.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The short tier's figures, for people.
final class Report {

  private final Map<Target, Verdict> verdicts =
      new ConcurrentSkipListMap<>(
          Comparator.comparing((Target target) -> target.point().name())
              .thenComparing(target -> target.point().scenario())
              .thenComparing(Target::strike));

  void add(Target target, Verdict verdict) {
    @Nullable Verdict _ = verdicts.put(target, verdict);
  }

  /// @param how it was run
  void write(Path file, String how) {
    try {
      Path _ = Files.createDirectories(file.toAbsolutePath().getParent());
      Path _ = Files.writeString(file, text(how));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String how) {
    List<Duration> recoveries =
        verdicts.entrySet().stream()
            .filter(entry -> entry.getKey().strike() == FaultAction.KILL)
            .map(entry -> entry.getValue().recovery())
            .filter(recovery -> !recovery.isZero())
            .sorted()
            .toList();
    return """
    # Failpoints, killed and stopped

    %s
    Strikes %d, broken %d, never struck %d. The lease is %s.
    Recovery, from the kill until the victim's rows are another's: %d rounds in which it held any, median %s, longest %s.

    | point | scenario | strike | recovery | round took | breaches |
    |---|---|---|---|---|---|
    %s
    """
        .formatted(
            how,
            verdicts.size(),
            verdicts.values().stream().filter(verdict -> !verdict.breaches().isEmpty()).count(),
            verdicts.values().stream().filter(verdict -> !verdict.wasStruck()).count(),
            seconds(Lab.LEASE),
            recoveries.size(),
            recoveries.isEmpty() ? "–" : seconds(recoveries.get(recoveries.size() / 2)),
            recoveries.isEmpty() ? "–" : seconds(recoveries.getLast()),
            verdicts.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n")));
  }

  private static String line(Target target, Verdict verdict) {
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            target.point().name(),
            target.point().scenario(),
            target.strike(),
            !verdict.wasStruck()
                ? "never struck"
                : verdict.recovery().isZero() ? "–" : seconds(verdict.recovery()),
            seconds(verdict.took()),
            verdict.breaches().isEmpty() ? "0" : verdict.breaches());
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }
}
