package dev.arcticsynth.api;

import static dev.arcticsynth.api.Http.LINE;
import static dev.arcticsynth.api.Http.expect;
import static dev.arcticsynth.api.Http.freshName;
import static dev.arcticsynth.api.Http.get;
import static dev.arcticsynth.api.Http.json;
import static dev.arcticsynth.api.Http.lines;
import static dev.arcticsynth.api.Http.open;
import static dev.arcticsynth.api.Http.problem;
import static dev.arcticsynth.api.Http.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.Problem;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(WithoutPipeline.class)
class InvalidLinesTest {

  static Stream<Arguments> badBodies() {
    return Stream.of(
        bad("an empty body", "", 1, "empty"),
        bad("blank lines only", "\n \r\n\t\n", 1, "empty"),
        bad("a byte order mark only", "\uFEFF", 1, "empty"),
        bad("no JSON", LINE + "\nnonsense\n", 2, "invalid_json"),
        bad("cut JSON", LINE + "\n" + LINE.substring(0, 20), 2, "invalid_json"),
        bad("an array within an array", "[[" + LINE + "]]", 1, "not_an_object"),
        bad("an array with a bad element", "[" + LINE + ",\n{}]", 2, "missing_model"),
        bad("a cut array", "[" + LINE + "," + LINE, 1, "invalid_json"),
        bad("JSON over lines", LINE.replace(",", ",\n"), 1, "json_over_several_lines"),
        bad("two on a line", LINE + " " + LINE, 1, "trailing_content"),
        bad("no model", "{\"messages\":[1]}", 1, "missing_model"),
        bad("no messages", "\n\n{\"model\":\"m\"}", 3, "missing_member"),
        bad("messages of another type", "{\"model\":\"m\",\"messages\":1}", 1, "wrong_type"),
        bad("no messages in messages", "{\"model\":\"m\",\"messages\":[]}", 1, "empty_messages"),
        bad("a model of another type", "{\"model\":{},\"messages\":[1]}", 1, "wrong_type"),
        bad("NUL in a model", "{\"model\":\"a\\u0000\",\"messages\":[1]}", 1, "wrong_type"),
        bad(
            "an unknown url",
            "{\"url\":\"/v1/nowhere\",\"body\":" + LINE + "}",
            1,
            "unsupported_url"),
        bad(
            "another method",
            "{\"method\":\"PUT\",\"body\":" + LINE + "}",
            1,
            "unsupported_method"),
        bad(
            "a stream",
            "{\"model\":\"m\",\"stream\":true,\"messages\":[1]}",
            1,
            "stream_not_possible"),
        bad(
            "a long line",
            LINE + "\n" + longLine(WithoutPipeline.MAX_LINE + 1) + "\n" + LINE,
            2,
            "line_too_long"),
        bad(
            "a long last line",
            LINE + "\n" + longLine(WithoutPipeline.MAX_LINE + 1),
            2,
            "line_too_long"),
        bad("a depth bomb", "[".repeat(1_900), 1, "invalid_json"),
        bad("a depth bomb inside", "{\"a\":" + "{\"a\":".repeat(300), 1, "limit_exceeded"),
        bad("a long number", "{\"a\":1" + "0".repeat(200) + "}", 1, "limit_exceeded"),
        bad("a NUL", LINE + "\n\0\n", 2, "invalid_text"),
        bad("a NUL in an id", request("a\\u0000b"), 1, "invalid_custom_id"),
        bad("a lone surrogate", LINE + "\n" + request("\\ud800"), 2, "invalid_text"),
        bad("Latin-1", "{\"model\":\"é\"}".getBytes(ISO_8859_1), 1, "invalid_text"),
        bad("half UTF-16", java.util.Arrays.copyOf(LINE.getBytes(UTF_16LE), 99), 1, "invalid_text"),
        bad(
            "compressed",
            new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0},
            1,
            "invalid_compression"),
        bad(
            "many models",
            java.util.stream.IntStream.rangeClosed(0, WithoutPipeline.MAX_MODELS)
                .mapToObj(i -> LINE.replace("\"m\"", "\"m" + i + "\"") + "\n")
                .collect(java.util.stream.Collectors.joining()),
            WithoutPipeline.MAX_MODELS + 1,
            "too_many_models"),
        bad("an empty id", request(""), 1, "invalid_custom_id"),
        bad("a long id", request("i".repeat(1_025)), 1, "invalid_custom_id"),
        bad(
            "an id twice",
            request("a") + "\n" + LINE + "\n\n" + request("\\u0061"),
            4,
            "duplicate_custom_id"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBodies")
  void a_task_with_a_bad_line_is_not_made(String what, byte[] body, long line, String code) {
    // Given
    String before = Rows.stored();

    // When
    Response response = lines("/v1/tasks?name=" + freshName(), body);

    // Then
    Problem problem = problem(response, 422, "bad-lines");
    assertThat(problem.errors()).first().isEqualTo(entry(problem, line, code));
    assertThat(problem.errorsTotal()).isEqualTo(1);
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBodies")
  void an_append_with_a_bad_line_adds_nothing(String what, byte[] body, long line, String code) {
    // Given
    String name = open();
    String before = Rows.stored();

    // When
    Response response = lines("/v1/tasks/" + name + "/requests", body);

    // Then
    Problem problem = problem(response, 422, "bad-lines");
    assertThat(problem.errors()).first().isEqualTo(entry(problem, line, code));
    assertThat(Rows.stored()).isEqualTo(before);
    assertThat((int) get("/v1/tasks/" + name).path("counts.total")).isZero();
  }

  @Test
  void all_bad_lines_are_counted_and_the_first_hundred_reported() {
    // Given
    String body = (LINE + "\n" + "bad\n").repeat(400);

    // When
    Response response = lines("/v1/tasks?name=" + freshName(), body);

    // Then
    Problem problem = problem(response, 422, "bad-lines");
    assertThat(problem.errors()).hasSize(100);
    assertThat(problem.errorsTotal()).isEqualTo(400);
    assertThat(problem.errors()).extracting(Problem.Entry::line).startsWith(2L, 4L, 6L);
  }

  @Test
  void an_id_twice_in_a_body_is_reported_with_both_lines() {
    // When
    Response response =
        lines(
            "/v1/tasks?name=" + freshName(),
            request("a") + "\n\n" + request("b") + "\n" + request("a"));

    // Then
    assertThat(problem(response, 422, "bad-lines").errors())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.line()).isEqualTo(4);
          assertThat(entry.pointer()).isEqualTo("/custom_id");
          assertThat(entry.detail()).contains("line 1");
        });
  }

  @Test
  void an_id_that_the_task_has_already_is_reported_with_both_places() {
    // Given
    String name = open();
    expect(lines("/v1/tasks/" + name + "/requests", request("x") + "\n" + request("a")), 200);
    String before = Rows.stored();

    // When
    Response response =
        lines("/v1/tasks/" + name + "/requests", request("b") + "\n" + request("a"));

    // Then
    assertThat(problem(response, 422, "bad-lines").errors())
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.line()).isEqualTo(2);
          assertThat(entry.code()).isEqualTo("duplicate_custom_id");
          assertThat(entry.detail()).contains("request 1 of the task");
        });
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void ids_that_look_like_generated_ones_cannot_join_them() {
    // Given
    String name = open();
    expect(lines("/v1/tasks/" + name + "/requests", LINE), 200);
    String before = Rows.stored();

    // When
    Response later = lines("/v1/tasks/" + name + "/requests", request(name + "_7"));
    String other = freshName();
    Response together = lines("/v1/tasks?name=" + other, LINE + "\n" + request(other + "_0"));

    // Then
    var _ = problem(later, 422, "ambiguous-ids");
    var _ = problem(together, 422, "ambiguous-ids");
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void ids_that_look_like_generated_ones_are_fine_among_themselves() {
    // Given
    String name = freshName();

    // When
    Response response = lines("/v1/tasks?name=" + name, request(name + "_7"));

    // Then
    expect(response, 202);
  }

  static Stream<Arguments> goodBodies() {
    return Stream.of(
        good("a byte order mark", "\uFEFF" + LINE + "\n", 1),
        good("CRLF", LINE + "\r\n\r\n" + LINE + "\r\n", 2),
        good("no end of the last line", LINE + "\n" + LINE, 2),
        good("blank lines", "\n\n" + LINE + "\n \t\n" + LINE + "\n\n\n", 2),
        good("separators of lines that are none", LINE.replace("hi", "a\u2028b\u0085c"), 1),
        good("NUL in a prompt", LINE.replace("hi", "a\\u0000b"), 1),
        good("a line as long as it may be", longLine(WithoutPipeline.MAX_LINE), 1),
        good("ids with everything", request("é😀 \\\"/\\\\") + "\n" + request("a b"), 2));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodBodies")
  void unusual_lines_are_accepted(String what, byte[] body, int requests) {
    // When
    Response response = lines("/v1/tasks?name=" + freshName(), body);

    // Then
    expect(response, 202);
    assertThat((int) response.path("counts.total")).isEqualTo(requests);
  }

  @Test
  void a_json_array_is_appended_however_it_is_printed() {
    // Given
    String path = "/v1/tasks/" + open() + "/requests";
    String pretty =
        """
        [
          {
            "custom_id": "a",
            "body": {
              "model": "m",\r
              "messages": [ { "role": "user", "content": "a\\nb" } ]
            }
          },
          {"model":"m","messages":[1]}
        ]
        """;

    // When
    Response array = json(path, pretty);
    Response alone = json(path, "\n " + LINE + "\n");
    Response none = json(path, "[]");

    // Then
    expect(array, 200);
    assertThat((int) array.path("accepted")).isEqualTo(2);
    expect(alone, 200);
    assertThat((int) alone.path("total")).isEqualTo(3);
    assertThat(problem(none, 422, "bad-lines").errors().getFirst().code()).isEqualTo("empty");
  }

  @Test
  void a_bad_element_of_an_array_is_reported_by_its_number() {
    // Given
    String path = "/v1/tasks/" + open() + "/requests";

    // When
    Response response = json(path, "[" + LINE + ",\n\n" + LINE + ",{}, 7, \"x\", null, [1]]");

    // Then
    assertThat(problem(response, 422, "bad-lines").errors())
        .extracting(Problem.Entry::line, Problem.Entry::code)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(3L, "missing_model"),
            org.assertj.core.groups.Tuple.tuple(4L, "not_an_object"),
            org.assertj.core.groups.Tuple.tuple(5L, "not_an_object"),
            org.assertj.core.groups.Tuple.tuple(6L, "not_an_object"),
            org.assertj.core.groups.Tuple.tuple(7L, "not_an_object"));
  }

  static Stream<Arguments> badJson() {
    return Stream.of(
        Arguments.of("nothing", "", 422, "bad-lines"),
        Arguments.of("a number", "7", 422, "bad-lines"),
        Arguments.of("a text", "\"text\"", 422, "bad-lines"),
        Arguments.of("a cut array", "[" + LINE, 400, "invalid-json"),
        Arguments.of("a cut text", "\"te", 400, "invalid-json"),
        Arguments.of("two values", LINE + LINE, 422, "bad-request"),
        Arguments.of("an array and more", "[" + LINE + "] x", 400, "invalid-json"),
        Arguments.of("a depth bomb", "[".repeat(5_000), 400, "invalid-json"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badJson")
  void json_that_holds_no_requests_is_refused(String what, String body, int status, String type) {
    // Given
    String path = "/v1/tasks/" + open() + "/requests";
    String before = Rows.stored();

    // When
    Response response = json(path, body);

    // Then
    var _ = problem(response, status, type);
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void too_many_requests_are_refused_and_leave_nothing() {
    // Given
    String line = "{\"model\":\"m\",\"messages\":[1]}\n";
    String before = Rows.stored();

    // When
    Response response =
        lines("/v1/tasks?name=" + freshName(), line.repeat(WithoutPipeline.MAX_REQUESTS + 1));

    // Then
    assertThat(problem(response, 422, "bad-lines").errors().getFirst().code())
        .isEqualTo("too_many_requests");
    assertThat(Rows.stored()).isEqualTo(before);
  }

  private static Problem.Entry entry(Problem problem, long line, String code) {
    Problem.Entry first = problem.errors().getFirst();
    return new Problem.Entry(line, first.pointer(), code, first.detail());
  }

  private static String longLine(int bytes) {
    String start = LINE.substring(0, LINE.indexOf("hi"));
    String end = LINE.substring(LINE.indexOf("hi"));
    return start + "x".repeat(bytes - LINE.length()) + end;
  }

  private static Arguments bad(String what, String body, long line, String code) {
    return bad(what, body.getBytes(UTF_8), line, code);
  }

  private static Arguments bad(String what, byte[] body, long line, String code) {
    return Arguments.of(what, body, line, code);
  }

  private static Arguments good(String what, String body, int requests) {
    return Arguments.of(what, body.getBytes(UTF_8), requests);
  }
}
