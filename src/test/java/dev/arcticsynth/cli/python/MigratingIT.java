package dev.arcticsynth.cli.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.cli.python.Launcher.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docs/MIGRATING.md` says what is so: each of its commands is run, in its order, and what the
/// page shows of the answer is in the answer.
class MigratingIT {
  private static final Pattern TRIED =
      Pattern.compile("<!-- tried -->\n```sh\n(.*?)```\n(?:```\n(.*?)```\n)?", Pattern.DOTALL);

  @TempDir Path home;

  @Test
  void every_command_of_the_page_works() throws Exception {
    // Given
    List<MatchResult> commands =
        TRIED.matcher(Files.readString(Path.of("docs/MIGRATING.md"))).results().toList();
    assertThat(commands).hasSizeGreaterThan(4);
    try (var launcher = new Launcher(home)) {
      launcher.save(home.resolve("batch_work_dir"), "my_task", 3, 4);
      for (MatchResult command : commands) {
        // When
        Ended ended = launcher.run(command.group(1));
        // Then
        assertThat(ended.code()).as(command.group(1) + ended.err()).isZero();
        String shown = command.group(2) == null ? "" : command.group(2);
        String said = (ended.out() + ended.err()).replaceAll("[0-9a-f]{22}", "…");
        for (String line : shown.lines().toList()) {
          assertThat(said).as(command.group(1)).contains(line);
        }
      }
    }
  }
}
