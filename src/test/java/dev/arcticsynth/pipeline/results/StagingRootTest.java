package dev.arcticsynth.pipeline.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
  void what_is_staged_is_for_its_owner_alone() throws IOException {
    // When
    try (var root = StagingRoot.in(parent)) {
      // Then
      assertThat(permissions(root.folder())).isEqualTo("rwx------");
      assertThat(permissions(root.folder().resolve("alive"))).isEqualTo("rw-------");
    }
  }

  /// Other users can put into a shared folder what they like: a pipe is waited for when it is
  /// opened, and a link leads to a file of ours.
  @Test
  @Timeout(20)
  void traps_of_others_in_a_shared_folder_are_not_touched() throws Exception {
    // Given
    Path pipe = Files.createDirectory(parent.resolve("arctic-staging-pipe")).resolve("alive");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path ours = Files.writeString(parent.resolve("ours"), "to be kept");
    Path linked = Files.createDirectory(parent.resolve("arctic-staging-linked"));
    Path _ = Files.createSymbolicLink(linked.resolve("alive"), ours);
    Path _ = Files.createSymbolicLink(parent.resolve("arctic-staging-link"), linked);
    Path open = Files.createDirectory(parent.resolve("arctic-staging-open"));
    Path _ = Files.createFile(open.resolve("alive"));
    Path _ = Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    // When
    try (var root = StagingRoot.in(parent)) {
      // Then
      assertThat(children())
          .containsExactlyInAnyOrder(
              root.folder(),
              pipe.resolveSibling(""),
              ours,
              linked,
              parent.resolve("arctic-staging-link"),
              open);
      assertThat(ours).hasContent("to be kept");
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
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
