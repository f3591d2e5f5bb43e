package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.docs.GeneratedPart;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/cli.md` shows the help of each command as the command prints it.
class CommandsPageTest {
  private static final Path PAGE = Path.of("docs/cli.md");
  private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z]+) {2,}\\S");

  private final CliHarness cli = new CliHarness(URI.create("http://localhost:8080"));

  @Test
  void every_command_is_on_the_page_with_its_help() throws IOException {
    // Given
    String overview = cli.run("--help").out();
    List<String> commands =
        COMMAND
            .matcher(overview.substring(overview.indexOf("Commands:")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(commands).hasSizeGreaterThan(10).contains("run", "serve", "files");

    // When
    var text = new StringBuilder(section("arctic-synth", overview));
    commands.forEach(
        command -> text.append(section(command, own(cli.run(command, "--help").out()))));

    // Then
    GeneratedPart.check(PAGE, text.toString());
  }

  /// Without the foot, which is the same for all.
  private static String own(String help) {
    return help.substring(0, help.indexOf("\nExit codes:"));
  }

  private static String section(String title, String help) {
    return "## %s\n\n```\n%s\n```\n\n".formatted(title, help.strip());
  }
}
