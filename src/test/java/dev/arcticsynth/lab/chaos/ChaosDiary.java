package dev.arcticsynth.lab.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.lab.evidence.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What came of each round of the long tier, a line a round: so that a run that was interrupted
/// goes on where it was, and so that the figures can be added up.
final class ChaosDiary {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final long seed;

  ChaosDiary(Path file, long seed) {
    this.file = file;
    this.seed = seed;
  }

  Set<Integer> done(String kind) {
    return entries(kind).stream()
        .map(line -> line.path("round").asInt())
        .collect(Collectors.toSet());
  }

  List<JsonNode> broken(String kind) {
    return entries(kind).stream().filter(line -> !line.path("breaches").isEmpty()).toList();
  }

  synchronized void write(String kind, int round, String plan, ChaosRound.Outcome outcome) {
    try {
      String line =
          JSON.writeValueAsString(
              new TreeMap<>(
                  Map.of(
                      "kind",
                      kind,
                      "seed",
                      seed,
                      "round",
                      round,
                      "plan",
                      plan,
                      "kills",
                      outcome.kills(),
                      "phases",
                      outcome.phases(),
                      "took_ms",
                      outcome.took().toMillis(),
                      "breaches",
                      outcome.breaches().stream().map(Violation::toString).toList())));
      Path _ = Files.createDirectories(file.toAbsolutePath().getParent());
      Path _ =
          Files.writeString(
              file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Rounds, kills, kills by phase, breaches.
  String summary(String kind) {
    List<JsonNode> all = entries(kind);
    var phases = new TreeMap<String, Integer>();
    all.forEach(line ->
        line.path("phases")
            .properties()
            .forEach(phase -> {
              int _ = phases.merge(phase.getKey(), phase.getValue().asInt(), Integer::sum);
            }));
    return """
    ## %s, seed %d

    Rounds %d, kills %d, broken rounds %d.

    | a partition was | kills |
    |---|---|
    %s
    """
        .formatted(
            kind,
            seed,
            all.size(),
            all.stream().mapToInt(line -> line.path("kills").asInt()).sum(),
            broken(kind).size(),
            phases.entrySet().stream()
                .map(phase -> "| %s | %d |".formatted(phase.getKey(), phase.getValue()))
                .collect(Collectors.joining("\n")));
  }

  private List<JsonNode> entries(String kind) {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream()
              .map(ChaosDiary::parse)
              .filter(line ->
                  line.path("seed").asLong() == seed && line.path("kind").asText().equals(kind))
              .toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      // A line that a kill cut: the round is done again.
      return JSON.createObjectNode();
    }
  }
}
