package dev.arcticsynth.failpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.task.PartitionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptTest {

  private static final int KILLED = 128 + 9;

  @TempDir Path folder;
  Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("failpoints");
  }

  @Test
  void without_a_file_nothing_happens_and_every_hit_is_reported() throws IOException {
    // Given
    Script script = new Script(file);
    // When
    script.hit("a.b");
    script.hit("a.b");
    // Then
    assertThat(hits()).hasSize(2).allMatch(line -> line.endsWith(" a.b passed"));
  }

  @Test
  void what_happens_once_happens_to_the_first_of_all_who_share_the_file() throws IOException {
    // Given
    Script one = new Script(file);
    Script other = new Script(file);
    order("here = throw");
    // When
    assertThatThrownBy(() -> other.hit("here")).isInstanceOf(FailpointException.class);
    // Then
    assertThatCode(() -> one.hit("here")).doesNotThrowAnyException();
    assertThatCode(() -> other.hit("here")).doesNotThrowAnyException();
    assertThat(file).doesNotExist();
    assertThat(fired()).hasContent("here = throw");
  }

  @Test
  void a_number_waits_for_that_hit_counted_from_when_the_file_changed() throws IOException {
    // Given
    Script script = new Script(file);
    script.hit("here");
    order("here = throw@2");
    // When
    script.hit("here");
    script.hit("elsewhere");
    // Then
    assertThatThrownBy(() -> script.hit("here")).hasMessageContaining("here");
  }

  @Test
  void a_delay_holds_the_thread_at_every_hit() throws IOException {
    // Given
    Script script = new Script(file);
    order("# slow\nhere = delay:30");
    long begun = System.nanoTime();
    // When
    script.hit("here");
    script.hit("here");
    // Then
    assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(60_000_000);
    assertThat(file).exists();
  }

  @Test
  void an_event_is_called_by_its_name_in_snake_case() {
    assertThat(Script.word(new PartitionEvent.UploadBegun("tag"))).isEqualTo("upload_begun");
  }

  @Test
  void a_process_that_must_die_takes_no_further_step() throws Exception {
    // Given
    order("here = kill");
    // When
    Process doomed =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                FailpointProcess.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    // Then
    assertThat(doomed.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(new String(doomed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEmpty();
    assertThat(doomed.exitValue()).isEqualTo(KILLED);
  }

  private void order(String text) throws IOException {
    Files.writeString(file, text);
  }

  private List<String> hits() throws IOException {
    return Files.readAllLines(folder.resolve("failpoints.hits." + ProcessHandle.current().pid()));
  }

  private Path fired() {
    return folder.resolve("failpoints.fired." + ProcessHandle.current().pid());
  }
}
