package dev.arcticsynth.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.cli.CliHarness;
import dev.arcticsynth.cli.FakeServer;
import dev.arcticsynth.cli.FakeServer.Answer;
import dev.arcticsynth.cli.Tasks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {

  @Test
  void a_list_with_a_japanese_name_lines_up() {
    try (var server = new FakeServer()) {
      // Given
      server.answers(
          "GET /v1/tasks",
          Answer.ok(
              new Page<>(
                  List.of(Tasks.completed("翻訳タスク", 7473, 2), Tasks.running("plain", 0, 12)),
                  false,
                  null)));

      // When
      String list = new CliHarness(server.uri()).run("list").out();

      // Then
      assertThat(list.lines().map(line -> line.replaceAll("  (CREATED|\\d{4}-.*)$", "")))
          .containsExactly(
              "NAME        STATE      PROVIDER  REQUESTS  SUCCEEDED  FAILED",
              "翻訳タスク  completed  openai       7,475      7,473       2",
              "plain       running    openai          12          0       0");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "plain, 5",
    "'', 0",
    "翻訳, 4",
    "ｶﾞｷﾞ, 4",
    "Ａ１, 4",
    "한국어, 6",
    "é, 1",
    "e\u0301, 1",
    "naïve, 5",
    "😀, 2",
    "👩‍👩‍👧, 2",
    "👍🏽, 2",
    "🇯🇵, 2",
    "❤️, 2",
    "❤, 1",
    "─│, 2"
  })
  void a_text_is_as_wide_as_a_terminal_shows_it(String text, int columns) {
    assertThat(TextWidth.of(text)).isEqualTo(columns);
  }
}
