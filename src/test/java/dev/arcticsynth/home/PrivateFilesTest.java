package dev.arcticsynth.home;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {

  @TempDir Path dir;

  @Test
  void a_folder_is_made_with_those_above_it_for_its_owner_alone() throws IOException {
    // When
    Path folder = PrivateFiles.folder(dir.resolve("home/staging"));

    // Then
    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(permissions(folder.resolveSibling(""))).isEqualTo("rwx------");
  }

  @Test
  void a_folder_of_ours_that_is_open_to_others_is_closed() throws IOException {
    // Given
    Path folder = Files.createDirectory(dir.resolve("staging"));
    Path _ = Files.setPosixFilePermissions(folder, fromString("rwxrwxrwx"));

    // When
    Path _ = PrivateFiles.folder(folder);

    // Then
    assertThat(permissions(folder)).isEqualTo("rwx------");
  }

  @Test
  void a_file_where_the_folder_should_be_is_named() throws IOException {
    // Given
    Path file = Files.createFile(dir.resolve("staging"));

    // Then
    assertThatThrownBy(() -> PrivateFiles.folder(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file + " is not a folder");
  }

  @Test
  void a_new_file_is_for_its_owner_alone_and_no_link_is_followed() throws IOException {
    // Given
    Path file = dir.resolve("ledger");
    Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("elsewhere"));

    // When
    PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();

    // Then
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThatThrownBy(
            () -> PrivateFiles.open(link, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
        .isInstanceOf(IOException.class);
    assertThat(Files.exists(dir.resolve("elsewhere"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void a_folder_in_which_others_may_write_and_a_link_to_one_are_not_ours() throws IOException {
    // Given
    Path open = Files.createDirectory(dir.resolve("open"));
    Path _ = Files.setPosixFilePermissions(open, fromString("rwxrwxrwx"));
    Path own = PrivateFiles.newFolder(dir.resolve("own"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), own);

    // Then
    assertThat(PrivateFiles.isOwnFolder(own)).isTrue();
    assertThat(PrivateFiles.isOwnFolder(open)).isFalse();
    assertThat(PrivateFiles.isOwnFolder(link)).isFalse();
    assertThat(PrivateFiles.isOwnFolder(dir.resolve("absent"))).isFalse();
  }

  private static String permissions(Path path) throws IOException {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(path));
  }
}
