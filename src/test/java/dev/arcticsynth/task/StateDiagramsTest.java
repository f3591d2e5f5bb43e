package dev.arcticsynth.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// The two diagrams of `docs/ARCHITECTURE.md` are drawn from the code: when this fails, copy what
/// it expected.
class StateDiagramsTest {

  private static final Path DOCUMENT = Path.of("docs", "ARCHITECTURE.md");

  @Test
  void the_diagram_of_a_partition_is_what_the_code_allows() throws IOException {
    // When
    String drawn = inDocument("partition");

    // Then
    assertThat(drawn)
        .as("the block behind <!-- states:partition -->")
        .isEqualTo(
            diagram(
                List.of(PartitionState.values()),
                PartitionState::canBecome,
                PartitionState::isTerminal));
  }

  @Test
  void the_diagram_of_a_task_is_what_the_code_allows() throws IOException {
    // When
    String drawn = inDocument("task");

    // Then
    assertThat(drawn)
        .as("the block behind <!-- states:task -->")
        .isEqualTo(
            diagram(List.of(TaskState.values()), TaskState::canBecome, TaskState::isTerminal));
  }

  private static <S extends Enum<S>> String diagram(
      List<S> states, BiPredicate<S, S> canBecome, Predicate<S> isTerminal) {
    var text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
    text.append("  [*] --> ").append(states.getFirst()).append('\n');
    for (S from : states) {
      for (S to : states) {
        if (canBecome.test(from, to)) {
          text.append("  ").append(from).append(" --> ").append(to).append('\n');
        }
      }
      if (isTerminal.test(from)) {
        text.append("  ").append(from).append(" --> [*]\n");
      }
    }
    return text.append("```").toString();
  }

  /// The fenced block that follows the marker.
  private static String inDocument(String name) throws IOException {
    String document = Files.readString(DOCUMENT);
    String marker = "<!-- states:" + name + " -->";
    int at = document.indexOf(marker);
    assertThat(at).as("%s has the marker %s", DOCUMENT, marker).isNotNegative();
    int from = document.indexOf("```", at);
    int to = document.indexOf("```", from + 3);
    assertThat(to).as("a fenced block follows %s", marker).isGreaterThan(from);
    return document.substring(from, to + 3);
  }
}
