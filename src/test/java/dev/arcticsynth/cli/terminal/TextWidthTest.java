package dev.arcticsynth.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextWidthTest {

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
