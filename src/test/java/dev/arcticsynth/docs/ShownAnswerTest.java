package dev.arcticsynth.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownAnswerTest {
  private final ShownAnswer shown = new ShownAnswer();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1}                        | {"a":1}
          {"a":1,…}                      | {"a":1,"b":2}
          {…,"b":2}                      | {"a":1,"b":2}
          {"a":…}                        | {"a":{"b":2}}
          {"a":"x … z"}                  | {"a":"x y z"}
          {"a":[1,…]}                    | {"a":[1,2,3]}
          {"at":"2026-11-22T23:58:58Z"}  | {"at":"2027-01-01T00:00:00.123456Z"}
          {"a":1} …                      | {"a":1} {"a":2}
          """)
  void what_is_left_out_may_be_anything(String page, String answer) {
    // Then
    assertThat(shown.differences("json", page, answer)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1}            | {"a":2}
          {"a":1}            | {"a":"1"}
          {"a":1}            | {}
          {"a":1}            | {"a":1,"b":2}
          {"a":[1]}          | {"a":[1,2]}
          {"a":[1,2]}        | {"a":[1]}
          {"a":"x … z"}      | {"a":"y z"}
          {"a":1}            | {"a":1} {"a":1}
          {"a":1} {"a":2}    | {"a":1}
          {"a":1}            | nonsense
          """)
  void anything_else_must_be_the_same(String page, String answer) {
    // Then
    assertThat(shown.differences("json", page, answer)).isNotEmpty();
  }

  @Test
  void an_id_of_the_page_stands_for_one_id_of_the_run() {
    // Given
    String page = "file-0123456789abcdef012345";
    String first = "file-aaaaaaaaaaaaaaaaaaaaaa";
    String second = "file-bbbbbbbbbbbbbbbbbbbbbb";

    // Then
    assertThat(shown.differences("json", "\"%s\"".formatted(page), "\"%s\"".formatted(first)))
        .isEmpty();
    assertThat(shown.withIds("ids=" + page)).isEqualTo("ids=" + first);
    assertThat(shown.differences("json", "\"%s\"".formatted(page), "\"%s\"".formatted(second)))
        .isNotEmpty();
  }

  @Test
  void shown_headers_are_among_the_headers_of_the_answer() {
    // Given
    String answer = "HTTP/1.1 202 Accepted\r\nA: b\r\nLocation: http://x/y\r\n\r\n{\"a\":1}";

    // Then
    assertThat(
            shown.differences("http", "HTTP/1.1 202 Accepted\nLocation: http://x/y\n\n{…}", answer))
        .isEmpty();
    assertThat(shown.differences("http", "HTTP/1.1 200 OK\n\n{…}", answer)).isNotEmpty();
    assertThat(shown.differences("http", "HTTP/1.1 202 Accepted\nC: d", answer)).isNotEmpty();
  }

  @Test
  void shown_lines_are_lines_of_the_answer_in_this_order() {
    // Then
    assertThat(shown.differences("text", "a\n…\nc d…", "a\nb\nc d e")).isEmpty();
    assertThat(shown.differences("text", "c\na", "a\nb\nc")).isNotEmpty();
  }
}
