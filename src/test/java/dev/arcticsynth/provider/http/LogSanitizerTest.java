package dev.arcticsynth.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSanitizerTest {

  @ParameterizedTest
  @CsvSource({
    "Incorrect API key provided: sk-proj-abc_DEF*****xyz., Incorrect API key provided: sk-…",
    "a Bearer abc.def/ghi= b, a Bearer … b",
    "task-force, task-force",
    "sess-abcdef, sess-…"
  })
  void keys_are_masked(String text, String masked) {
    assertThat(LogSanitizer.of(text)).isEqualTo(masked);
  }

  @Test
  void text_becomes_one_short_line() {
    assertThat(LogSanitizer.of("\u0000a\r\n\tb\u001b[31m\u2028c\u0085")).isEqualTo("a b [31m c");
    assertThat(LogSanitizer.of("x".repeat(1_000_000))).hasSize(300).endsWith("x…");
  }
}
