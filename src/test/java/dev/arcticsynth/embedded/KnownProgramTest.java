package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownProgramTest {
  @TempDir Path root;
  private Path folder = Path.of("");
  private KnownProgram known = new KnownProgram(Path.of(""));

  @BeforeEach
  void remember() throws IOException {
    folder = Files.createDirectory(root.resolve("program-1"));
    known = new KnownProgram(root.resolve("program"));
  }

  @Test
  void what_was_unpacked_is_found_again_by_its_package() throws IOException {
    // When
    known.remember(folder);

    // Then
    assertThat(known.folder()).contains(folder);
    assertThat(Files.readAllLines(root.resolve("program")).getFirst())
        .matches("(postgres-[a-z0-9_-]+[.]txz [0-9a-f]{8} [1-9][0-9]{6,};)+");
  }

  @Test
  void another_package_a_folder_that_is_gone_and_half_a_note_are_not_known() throws IOException {
    // When
    boolean none = known.folder().isPresent();
    known.remember(root.resolve("program-2"));
    boolean gone = known.folder().isPresent();
    Files.write(root.resolve("program"), List.of("postgres-linux-x86_64.txz 0 1;", "program-1"));
    boolean other = known.folder().isPresent();
    Files.writeString(root.resolve("program"), "postgres");
    boolean half = known.folder().isPresent();

    // Then
    assertThat(List.of(none, gone, other, half)).containsOnly(false);
  }
}
