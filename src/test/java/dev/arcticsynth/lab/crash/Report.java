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

  private final Map<Round, Verdict> verdicts =
      new ConcurrentSkipListMap<>(
          Comparator.comparing((Round round) -> round.point().name())
              .thenComparing(round -> round.point().scenario())
              .thenComparing(Round::strike));

  void add(Round round, Verdict verdict) {
    @Nullable Verdict _ = verdicts.put(round, verdict);
  }

  void write(Path file) {
    try {
      Path _ = Files.createDirectories(file.toAbsolutePath().getParent());
      Path _ = Files.writeString(file, text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text() {
    List<Duration> recoveries =
        verdicts.entrySet().stream()
            .filter(entry -> entry.getKey().strike() == FaultAction.KILL)
            .map(entry -> entry.getValue().recovery())
            .filter(recovery -> !recovery.isZero())
            .sorted()
            .toList();
    return """
    # Every failpoint, killed and stopped

    Rounds %d, broken %d, never struck %d. The lease is %s.
    Recovery, from the kill until the victim's rows are another's: %d rounds in which it held any, median %s, longest %s.

    | point | scenario | strike | recovery | round took | breaches |
    |---|---|---|---|---|---|
    %s
    """
        .formatted(
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

  private static String line(Round round, Verdict verdict) {
    return "| %s | %s | %s | %s | %s | %s |"
        .formatted(
            round.point().name(),
            round.point().scenario(),
            round.strike(),
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
