package dev.arcticsynth.pipeline.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingRootTest {

  @TempDir Path parent;

  @Test
  void what_a_dead_process_left_is_removed() throws IOException {
    // Given (a folder whose lock is free)
    Path left = Files.createDirectories(parent.resolve("arctic-staging-dead/step-1"));
    Path _ = Files.writeString(left.resolve("f1"), "half an answer");
    Path _ = Files.createFile(left.resolveSibling("alive"));
    // When
    try (var root = StagingRoot.in(parent)) {
      // Then
      assertThat(children()).containsExactly(root.folder());
    }
  }

  @Test
  void what_a_living_process_has_staged_is_left_alone() throws IOException {
    // Given
    try (var theirs = StagingRoot.in(parent)) {
      Path staged = Files.writeString(theirs.folder().resolve("f1"), "half an answer");
      // When
      try (var ours = StagingRoot.in(parent)) {
        // Then
        assertThat(staged).exists();
        assertThat(ours.folder()).isNotEqualTo(theirs.folder());
      }
    }
  }

  @Test
  void what_is_not_ours_is_left_alone() throws IOException {
    // Given
    Path other = Files.createDirectory(parent.resolve("arctic-home123"));
    Path unlocked = Files.createDirectory(parent.resolve("arctic-staging-without-a-lock"));
    // When
    try (var _ = StagingRoot.in(parent)) {
      // Then
      assertThat(other).exists();
      assertThat(unlocked).exists();
    }
  }

  @Test
  void a_process_that_ends_normally_leaves_nothing() throws IOException {
    // Given
    var root = StagingRoot.in(parent);
    Path _ = Files.createDirectory(root.folder().resolve("step-1"));
    // When
    root.close();
    // Then
    assertThat(children()).isEmpty();
  }

  private Stream<Path> children() throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.toList().stream();
    }
  }
}
