package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  @TempDir Path folder;

  @Test
  void a_key_of_32_bytes_is_made_for_its_user_alone_and_stays() throws IOException {
    // Given
    Layout layout = Layout.under(folder.resolve("home"));

    // When
    Path made = KeyFile.under(layout);
    String key = Files.readString(made);
    Path found = KeyFile.under(layout);

    // Then
    assertThat(made).isEqualTo(found).hasFileName("callback.key").hasParent(layout.home());
    assertThat(Files.readString(found)).isEqualTo(key);
    assertThat(Base64.getDecoder().decode(key.strip())).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rw-------");
  }

  @Test
  void what_an_interrupted_start_left_half_done_is_no_key() throws IOException {
    // Given
    Layout layout = Layout.under(folder.resolve("home"));
    Path _ = Files.writeString(layout.home().resolve("callback.key.new"), "ha");

    // Then
    assertThat(Base64.getDecoder().decode(Files.readString(KeyFile.under(layout)).strip()))
        .hasSize(32);
  }

  @Test
  void a_key_that_others_can_read_is_refused() throws IOException {
    // Given
    Layout layout = Layout.under(folder.resolve("home"));
    Path key = KeyFile.under(layout);
    Path _ = Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    // Then
    assertThatThrownBy(() -> KeyFile.under(layout)).hasMessageContaining("chmod go=");
  }
}
