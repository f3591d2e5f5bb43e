package dev.arcticsynth.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the two pages that are read first must have, and how long they may be.
class PagesTest {

  @ParameterizedTest
  @CsvSource({"README.md, 9216", "docs/ARCHITECTURE.md, 12288"})
  void the_pages_that_are_read_first_are_short(Path page, long bytes) throws IOException {
    // Then
    assertThat(Files.size(page)).isLessThanOrEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ci:first-command", "ci:test-command"})
  void the_readme_marks_the_commands_that_ci_runs(String marker) throws IOException {
    // Given
    String page = Files.readString(Path.of("README.md"));

    // Then
    assertThat(page).containsOnlyOnce("<!-- " + marker + " -->\n```sh\n");
  }

  @Test
  void the_architecture_has_its_glossary() {
    // Then
    assertThat(MarkdownFile.read(Path.of("docs/ARCHITECTURE.md")).anchors())
        .contains("start-reading-here", "glossary");
  }
}
