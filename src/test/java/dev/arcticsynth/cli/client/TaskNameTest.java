package dev.arcticsynth.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.cli.terminal.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskNameTest {
  private static final String SHA256 = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "questions.jsonl, questions",
    "/data/in/Questions.NDJSON, Questions",
    "v1.2.jsonl, v1.2",
    "'my file (1).jsonl', my-file-1",
    "données.jsonl, donnees",
    "-rf.jsonl, rf",
    ".hidden.jsonl, hidden",
    "质问.jsonl, task",
    "..., task",
    ".jsonl, task",
    "'a;rm -rf $HOME.jsonl', a-rm--rf-HOME",
  })
  void a_file_name_is_made_to_fit(String file, String name) {
    // When
    TaskName derived = TaskName.of(Path.of(file));
    // Then
    assertThat(derived.value()).isEqualTo(name);
  }

  @Test
  void a_file_name_that_is_too_long_is_cut_before_the_hash() {
    // Given
    Path file = Path.of("x".repeat(240) + ".jsonl");
    // When
    TaskName derived = TaskName.of(file, SHA256);
    // Then
    assertThat(derived.value()).hasSize(128).endsWith("x-01234567");
  }

  @Test
  void a_changed_file_is_another_task() {
    // Given
    Path file = Path.of("questions.jsonl");
    // When
    TaskName before = TaskName.of(file, SHA256);
    TaskName after = TaskName.of(file, "f" + SHA256.substring(1));
    // Then
    assertThat(before.value()).isEqualTo("questions-01234567");
    assertThat(after).isNotEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a/b", "-a", "a b", "a\n"})
  void what_the_server_would_not_take_is_refused_here(String name) {
    // When, Then
    assertThatThrownBy(() -> new TaskName(name))
        .isInstanceOf(Failure.Usage.class)
        .hasMessageContaining("cannot name a task");
  }
}
