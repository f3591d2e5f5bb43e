package dev.arcticsynth.pipeline.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {

  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  private long usable;
  private final DiskSpace space =
      new DiskSpace() {
        @Override
        long usable(Path folder) {
          return usable;
        }
      };

  @Test
  void nothing_is_asked_of_a_disk_that_was_never_full() {
    assertThatCode(() -> space.require(folder)).doesNotThrowAnyException();
  }

  @Test
  void a_full_disk_is_waited_for_until_it_has_more_than_was_too_little() throws IOException {
    // Given
    Path _ = Files.write(folder.resolve("half"), new byte[(int) (3 * MIB)]);

    // When
    StagingFullException full = space.isFull(folder);

    // Then
    assertThat(full).hasMessageContainingAll("full", folder.toString(), "ARCTIC_FLOW_STAGING_DIR");
    usable = 4 * MIB - 1;
    assertThatThrownBy(() -> space.require(folder)).isInstanceOf(StagingFullException.class);
    usable = 4 * MIB;
    assertThatCode(() -> space.require(folder)).doesNotThrowAnyException();
  }

  @Test
  void what_was_once_too_little_is_forgotten_when_a_step_had_enough() {
    // Given
    var _ = space.isFull(folder);

    // When
    space.isEnough();

    // Then
    assertThatCode(() -> space.require(folder)).doesNotThrowAnyException();
  }

  @Test
  void a_full_disk_is_known_by_what_the_system_says() {
    var full = new FileSystemException("/staging/f1", null, "No space left on device");
    assertThat(StagingFullException.isMeant(full)).isTrue();
    assertThat(StagingFullException.isMeant(new io.vertx.core.file.FileSystemException(full)))
        .isTrue();
    assertThat(StagingFullException.isMeant(new IOException("Disk quota exceeded"))).isTrue();
    assertThat(StagingFullException.isMeant(new IOException("Connection reset"))).isFalse();
    assertThat(StagingFullException.isMeant(new IllegalStateException("No space left on device")))
        .isFalse();
  }
}
