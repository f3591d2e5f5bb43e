package dev.arcticsynth.pipeline.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.pipeline.ingest.InvalidLinesException.LineProblem;
import dev.arcticsynth.pipeline.ingest.LineBlockSplitter.LineBlock;
import dev.arcticsynth.pipeline.lines.EmbeddingInputs;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {

  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
  private static final String BODY = "{\"model\":\"m\"," + MESSAGES + "}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        BODY,
        "{ \"messages\" : [ { \"role\":\"user\" } ] ,  \"model\" : \"m\" }",
        "{\"model\":\"m\",\"temperature\":1.0E+2,\"seed\":-0,\"top_p\":0.30000000000000004,"
            + MESSAGES
            + "}",
        "{\"model\":\"m\",\"user\":\"\\u00e9\\/\\ud83d\\ude00é😀\\u0000\"," + MESSAGES + "}",
        "{\"model\":\"m\",\"x\":{\"custom_id\":\"inner\",\"body\":{},\"a\":[[],{}]},"
            + MESSAGES
            + "}",
        "{\"model\":\"m\",\"x\":\"\u2028\u2029\u0085\"," + MESSAGES + "}",
        "{\"model\":\"m\"," + MESSAGES + ",\"x\":1,\"x\":2}"
      })
  void a_body_is_kept_byte_for_byte_bare_or_in_an_envelope(String body) {
    // When
    Parsed bare = Parsed.line(body);
    Parsed enveloped = Parsed.line("{\"custom_id\":\"a\",\"body\":" + body + "}");

    // Then
    assertThat(bare).isEqualTo(new Parsed("-", body, "m", RequestUrls.CHAT));
    assertThat(enveloped).isEqualTo(new Parsed("\"a\"", body, "m", RequestUrls.CHAT));
  }

  @Test
  void the_members_of_an_envelope_may_stand_in_any_order() {
    // When
    Parsed request =
        Parsed.line(
            "{\"body\":%s,\"url\":\"/v1/chat/completions\",\"note\":[1],\"method\":\"POST\",\"custom_id\":\"z\"}"
                .formatted(BODY));

    // Then
    assertThat(request).isEqualTo(new Parsed("\"z\"", BODY, "m", RequestUrls.CHAT));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"custom_id\":\"a\",\"model\":\"m\",MM}|{\"model\":\"m\",MM}",
        "{ \"custom_id\" : \"a\" , \"model\":\"m\",MM}|{  \"model\":\"m\",MM}",
        "{\"model\":\"m\",\"custom_id\":\"a\",MM}|{\"model\":\"m\",MM}",
        "{\"model\":\"m\" , \"custom_id\" : \"a\" ,MM}|{\"model\":\"m\" , MM}",
        "{\"model\":\"m\",MM,\"custom_id\":\"a\"}|{\"model\":\"m\",MM}",
        "{\"model\":\"m\",MM , \"custom_id\" : \"a\" }|{\"model\":\"m\",MM }",
        "{\"custom\\u005fid\":\"a\",\"model\":\"m\",MM}|{\"model\":\"m\",MM}",
      })
  void the_id_is_cut_out_of_a_bare_body(String line, String body) {
    // When
    Parsed request = Parsed.line(line.replace("MM", MESSAGES));

    // Then
    assertThat(request)
        .isEqualTo(new Parsed("\"a\"", body.replace("MM", MESSAGES), "m", RequestUrls.CHAT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"custom_id\":\"a\"}", "{ \"custom_id\" :\t\"a\" }"})
  void an_id_alone_leaves_a_body_of_defaults(String line) {
    // Given
    var defaults = defaults("m", "{" + MESSAGES + "}");

    // When
    Parsed request = Parsed.line(defaults, line);

    // Then
    assertThat(request.body().replace(" ", "").replace("\t", ""))
        .isEqualTo("{" + MESSAGES + ",\"model\":\"m\"}");
  }

  @Test
  void an_id_keeps_its_spelling() {
    // When
    Parsed request =
        Parsed.line("{\"custom_id\":\"\\u0061\\\"\\\\é/\\/\",\"body\":%s}".formatted(BODY));

    // Then
    assertThat(request.id()).isEqualTo("\"\\u0061\\\"\\\\é/\\/\"");
    assertThat(request.body()).isEqualTo(BODY);
  }

  @Test
  void defaults_fill_only_what_a_body_does_not_say() {
    // Given
    var defaults = defaults(null, "{\"model\":\"d\",\"temperature\":0.1,\"seed\":7}");

    // When
    Parsed nothingSaid = Parsed.line(defaults, "{" + MESSAGES + "}");
    Parsed someSaid = Parsed.line(defaults, "{\"seed\":null,\"model\":\"own\"," + MESSAGES + "}");
    Parsed allSaid =
        Parsed.line(defaults, "{\"temperature\":0,\"seed\":1,\"model\":\"own\"," + MESSAGES + "}");

    // Then
    assertThat(nothingSaid.body())
        .isEqualTo("{\"model\":\"d\",\"temperature\":0.1,\"seed\":7," + MESSAGES + "}");
    assertThat(nothingSaid.model()).isEqualTo("d");
    assertThat(someSaid.body())
        .isEqualTo("{\"temperature\":0.1,\"seed\":null,\"model\":\"own\"," + MESSAGES + "}");
    assertThat(someSaid.model()).isEqualTo("own");
    assertThat(allSaid.body())
        .isEqualTo("{\"temperature\":0,\"seed\":1,\"model\":\"own\"," + MESSAGES + "}");
  }

  @Test
  void the_model_of_a_task_wins_over_the_one_of_its_defaults() {
    // Given
    var defaults = defaults("task", "{\"model\":\"default\"}");

    // When
    Parsed request = Parsed.line(defaults, "{\"body\":{" + MESSAGES + "}}");

    // Then
    assertThat(request.body()).isEqualTo("{\"model\":\"task\"," + MESSAGES + "}");
  }

  @Test
  void members_beside_a_body_say_nothing_about_it() {
    // When
    LineProblem problem = Parsed.problem("{\"model\":\"outside\",\"body\":{" + MESSAGES + "}}");

    // Then
    assertThat(problem.code()).isEqualTo("missing_model");
    assertThat(problem.pointer()).isEqualTo("/body/model");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,/v1/chat/completions,messages,[1]",
    "/chat/completions,/v1/chat/completions,messages,[1]",
    "/v1/responses,/v1/responses,input,\"x\"",
    "/embeddings,/v1/embeddings,input,\"x\"",
    "/v1/completions,/v1/completions,prompt,\"x\"",
    "/v1/moderations,/v1/moderations,input,\"x\"",
  })
  void each_url_has_the_member_that_it_needs(
      String url, String endpoint, String member, String value) {
    // When
    Parsed request =
        Parsed.line(
            "{\"url\":\"%s\",\"body\":{\"model\":\"m\",\"%s\":%s}}".formatted(url, member, value));
    LineProblem without =
        Parsed.problem("{\"url\":\"%s\",\"body\":{\"model\":\"m\"}}".formatted(url));

    // Then
    assertThat(request.endpoint()).isEqualTo(endpoint);
    assertThat(without.code()).isEqualTo("missing_member");
    assertThat(without.pointer()).isEqualTo("/body/" + member);
  }

  @Test
  void inputs_of_embeddings_are_counted_and_of_nothing_else() {
    // Given
    String lines =
        """
        {"url":"/v1/embeddings","body":{"model":"m","input":"one"}}
        {"url":"/v1/embeddings","body":{"model":"m","input":["a","b",["c"],[]]}}
        {"url":"/v1/embeddings","body":{"model":"m","input":[]}}
        {"url":"/v1/responses","body":{"model":"m","input":["a","b"]}}
        """;

    // When
    ParsedBlock block = Parsed.parse(lines);

    // Then
    assertThat(block.chunks())
        .extracting(c -> c.endpoint(), c -> c.inputs())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("/v1/embeddings", 6L),
            org.assertj.core.groups.Tuple.tuple("/v1/responses", 0L));
  }

  @Test
  void the_inputs_of_a_line_and_of_its_stored_body_are_the_same_number() {
    // Given
    String body = "{\"model\":\"m\",\"x\":{\"input\":[1]},\"input\":[\"a\",[\"b\",\"c\"],{}]}";

    // When
    ParsedBlock block = Parsed.parse("{\"url\":\"/v1/embeddings\",\"body\":" + body + "}\n");

    // Then
    assertThat(block.chunks().getFirst().inputs())
        .isEqualTo(EmbeddingInputs.in(body.getBytes(UTF_8)))
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"text\"|1",
        "[\"text\",\"text\"]|2",
        "[15496,995,0]|1",
        "[[15496,995],[0]]|2",
        "[]|1",
      })
  void a_list_of_token_numbers_is_one_input(String input, long inputs) {
    // Given
    String body = "{\"model\":\"m\",\"input\":" + input + "}";

    // When
    ParsedBlock block = Parsed.parse("{\"url\":\"/v1/embeddings\",\"body\":" + body + "}\n");

    // Then
    assertThat(block.chunks().getFirst().inputs())
        .isEqualTo(EmbeddingInputs.in(body.getBytes(UTF_8)))
        .isEqualTo(inputs);
  }

  @Test
  void a_response_can_be_made_from_a_template_and_a_completion_cannot() {
    // Given
    String body = "{\"model\":\"m\",\"prompt\":{\"id\":\"pmpt_1\",\"variables\":{}}}";

    // When
    Parsed response = Parsed.line("{\"body\":" + body + ",\"url\":\"/v1/responses\"}");
    LineProblem completion = Parsed.problem("{\"body\":" + body + ",\"url\":\"/v1/completions\"}");

    // Then
    assertThat(response.endpoint()).isEqualTo("/v1/responses");
    assertThat(response.body()).isEqualTo(body);
    assertThat(completion.code()).isEqualTo("wrong_type");
    assertThat(completion.pointer()).isEqualTo("/body/prompt");
  }

  @Test
  void a_url_that_the_provider_does_not_support_is_refused_though_others_support_it() {
    // Given
    var azure = Parsed.NONE.within(Set.of("/v1/chat/completions", "/v1/responses"));
    byte[] line =
        "{\"url\":\"/embeddings\",\"body\":{\"model\":\"m\",\"input\":\"x\"}}\n".getBytes(UTF_8);

    // When
    ParsedBlock block = Parsed.parse(azure, line);

    // Then
    LineProblem problem = block.problems().getFirst();
    assertThat(problem.code()).isEqualTo("unsupported_url");
    assertThat(problem.detail()).isEqualTo("the urls are /v1/chat/completions, /v1/responses");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("[]", null, "not_an_object"),
        mistake("1", null, "not_an_object"),
        mistake("\"text\"", null, "not_an_object"),
        mistake("null", null, "not_an_object"),
        mistake("{", null, "invalid_json"),
        mistake("nonsense", null, "invalid_json"),
        mistake("{\"a\":}", null, "invalid_json"),
        mistake("{'a':1}", null, "invalid_json"),
        mistake("{\"a\":01}", null, "invalid_json"),
        mistake("{\"a\":NaN}", null, "invalid_json"),
        mistake("{\"a\":1,}", null, "invalid_json"),
        mistake("{\"a\":\"\t\"}", null, "invalid_json"),
        mistake("{\"a\":\"\\x\"}", null, "invalid_json"),
        mistake("{} // why", null, "missing_model", "invalid_json"),
        mistake(BODY + BODY, null, "trailing_content"),
        mistake(BODY + " 1", null, "trailing_content"),
        mistake(BODY + ",", null, "invalid_json"),
        mistake("{}", "/model", "missing_model"),
        mistake("{\"model\":\"m\"}", "/messages", "missing_member"),
        mistake("{\"body\":{}}", "/body/model", "missing_model"),
        mistake("{\"body\":{\"model\":\"m\"}}", "/body/messages", "missing_member"),
        mistake("{\"model\":7," + MESSAGES + "}", "/model", "wrong_type"),
        mistake("{\"model\":null," + MESSAGES + "}", "/model", "wrong_type"),
        mistake("{\"model\":\" \"," + MESSAGES + "}", "/model", "wrong_type"),
        mistake("{\"model\":\"" + "m".repeat(257) + "\"," + MESSAGES + "}", "/model", "wrong_type"),
        mistake("{\"model\":\"a\\u0000b\"," + MESSAGES + "}", "/model", "wrong_type"),
        mistake("{\"model\":\"a\\nb\"," + MESSAGES + "}", "/model", "wrong_type"),
        mistake("{\"model\":\"a\",\"model\":\"b\"," + MESSAGES + "}", "/model", "duplicate_member"),
        mistake("{\"model\":\"m\",\"messages\":\"hi\"}", "/messages", "wrong_type"),
        mistake("{\"model\":\"m\",\"messages\":{}}", "/messages", "wrong_type"),
        mistake("{\"model\":\"m\",\"messages\":[]}", "/messages", "empty_messages"),
        mistake("{\"body\":{\"model\":\"m\",\"messages\":[]}}", "/body/messages", "empty_messages"),
        mistake("{\"body\":{\"model\":\"m\",\"input\":7}}", "/body/input", "wrong_type"),
        mistake("{\"body\":{\"model\":\"m\",\"prompt\":{}}}", "/body/prompt", "wrong_type"),
        mistake("{\"body\":[]}", "/body", "wrong_type"),
        mistake("{\"body\":\"{}\"}", "/body", "wrong_type"),
        mistake("{\"body\":" + BODY + ",\"body\":" + BODY + "}", "/body", "duplicate_member"),
        mistake("{\"method\":\"GET\",\"body\":" + BODY + "}", "/method", "unsupported_method"),
        mistake("{\"method\":1,\"body\":" + BODY + "}", "/method", "wrong_type"),
        mistake("{\"url\":\"/v1/files\",\"body\":" + BODY + "}", "/url", "unsupported_url"),
        mistake("{\"url\":\"\",\"body\":" + BODY + "}", "/url", "unsupported_url"),
        mistake("{\"url\":\"/v1/v1/embeddings\",\"body\":" + BODY + "}", "/url", "unsupported_url"),
        mistake("{\"url\":\"https://h/v1/embeddings\",\"body\":{}}", "/url", "unsupported_url"),
        mistake("{\"url\":[],\"body\":" + BODY + "}", "/url", "wrong_type"),
        mistake(
            "{\"url\":\"/v1/embeddings\",\"url\":\"/v1/responses\",\"body\":" + BODY + "}",
            "/url",
            "duplicate_member"),
        mistake(
            "{\"method\":\"POST\",\"method\":\"POST\",\"body\":" + BODY + "}",
            "/method",
            "duplicate_member"),
        mistake("{\"custom_id\":7,\"body\":" + BODY + "}", "/custom_id", "wrong_type"),
        mistake("{\"custom_id\":null,\"body\":" + BODY + "}", "/custom_id", "wrong_type"),
        mistake(
            "{\"custom_id\":\"a\",\"custom_id\":\"b\",\"body\":" + BODY + "}",
            "/custom_id",
            "duplicate_member"),
        mistake("{\"custom_id\":\"\",\"body\":" + BODY + "}", "/custom_id", "invalid_custom_id"),
        mistake(
            "{\"custom_id\":\"a\\u0000\",\"body\":" + BODY + "}",
            "/custom_id",
            "invalid_custom_id"),
        mistake(
            "{\"custom_id\":\"a\\nb\",\"body\":" + BODY + "}", "/custom_id", "invalid_custom_id"),
        mistake(
            "{\"custom_id\":\"a\\u007f\",\"body\":" + BODY + "}",
            "/custom_id",
            "invalid_custom_id"),
        mistake(
            "{\"custom_id\":\"" + "i".repeat(1025) + "\",\"body\":" + BODY + "}",
            "/custom_id",
            "invalid_custom_id"),
        mistake(
            "{\"model\":\"m\",\"stream\":true," + MESSAGES + "}", "/stream", "stream_not_possible"),
        mistake(
            "{\"body\":{\"model\":\"m\",\"stream\":true," + MESSAGES + "}}",
            "/body/stream",
            "stream_not_possible"),
        mistake("{\"x\":" + "[".repeat(64) + "]".repeat(64) + "}", null, "limit_exceeded"),
        mistake("{\"x\":" + "9".repeat(101) + "}", null, "limit_exceeded"),
        mistake("{\"" + "n".repeat(1025) + "\":1}", null, "limit_exceeded"),
        mistake("{\"x\":\"\\ud800\"}", null, "invalid_text"),
        mistake("{\"x\":\"\\uDC00\"}", null, "invalid_text"),
        mistake("{\"x\":\"\\udc00\\ud800\"}", null, "invalid_text"),
        mistake("{\"x\":\"\\ud800\\ud800\"}", null, "invalid_text"),
        mistake("{\"x\":\"\\ud83d\\\\ude00\"}", null, "invalid_text"),
        mistake("{\"x\":\"\\ud83", null, "invalid_json", "invalid_text"),
        mistake("{\"x\":\"\0\"}", null, "invalid_text", "invalid_json"),
        mistake("\0" + BODY, null, "invalid_text", "invalid_json"),
        mistake(BODY + "\0", null, "invalid_text", "invalid_json"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_line_that_is_no_request_is_reported_with_its_place(
      String line, @Nullable String pointer, List<String> codes) {
    // When
    LineProblem problem = Parsed.problem(line);

    // Then
    assertThat(problem.code()).isIn(codes);
    if (!problem.code().equals("missing_model") || pointer != null) {
      assertThat(problem.pointer()).isEqualTo(pointer);
    }
    assertThat(problem.detail()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff",
        "c3",
        "c328",
        "c0af",
        "e080af",
        "f08080af",
        "eda080",
        "edb080",
        "f4908080",
        "fe",
        "80",
        "e282"
      })
  void bytes_that_are_no_utf_8_are_refused(String hex) {
    // Given
    byte[] bad = java.util.HexFormat.of().parseHex(hex);
    var line = new java.io.ByteArrayOutputStream();
    line.writeBytes("{\"model\":\"m\",\"x\":\"".getBytes(UTF_8));
    line.writeBytes(bad);
    line.writeBytes(("\"," + MESSAGES + "}").getBytes(UTF_8));

    // When
    LineProblem problem = Parsed.problem(line.toByteArray());

    // Then
    assertThat(problem.code()).isEqualTo("invalid_text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void a_line_in_another_encoding_is_refused(String charset) {
    // When
    LineProblem problem = Parsed.problem(BODY.getBytes(java.nio.charset.Charset.forName(charset)));

    // Then
    assertThat(problem.code()).isEqualTo("invalid_text");
  }

  @Test
  void what_is_just_within_the_limits_is_taken() {
    // Given
    String line =
        "{\"custom_id\":\"%s\",\"model\":\"%s\",\"x\":%s,\"n\":%s,\"%s\":1,\"stream\":false,%s}"
            .formatted(
                "i".repeat(1024),
                "m".repeat(256),
                "[".repeat(63) + "]".repeat(63),
                "9".repeat(100),
                "n".repeat(1024),
                MESSAGES);

    // When
    Parsed request = Parsed.line(line);

    // Then
    assertThat(request.id()).hasSize(1026);
  }

  @Test
  void pairs_of_surrogates_and_escaped_backslashes_are_text() {
    // Given
    String line =
        "{\"model\":\"m\",\"x\":\"\\uD83D\\ude00 \\\\ud800 \\\\\\\\ud800\"," + MESSAGES + "}";

    // When
    Parsed request = Parsed.line(line);

    // Then
    assertThat(request.body()).isEqualTo(line);
  }

  @Test
  void blank_lines_count_as_lines_and_nothing_else() {
    // Given
    String text = "\n" + BODY + "\r\n \t\r\n" + BODY + "\n\n\nbad\n";

    // When
    ParsedBlock block = Parsed.parse(text);

    // Then
    assertThat(block.lines()).isEqualTo(7);
    assertThat(block.requests()).isEqualTo(2);
    assertThat(block.requestLines()).containsExactly(1, 3);
    assertThat(block.problems()).singleElement().satisfies(p -> assertThat(p.line()).isEqualTo(6));
  }

  @Test
  void a_carriage_return_never_reaches_a_stored_body() {
    // When
    Parsed end = Parsed.line(BODY + "\r");
    Parsed inside = Parsed.line("{\"body\":{\"model\":\"m\",\r" + MESSAGES + "\t}\r}\t\r");

    // Then
    assertThat(end.body()).isEqualTo(BODY);
    assertThat(inside.body()).isEqualTo("{\"model\":\"m\", " + MESSAGES + "\t}");
  }

  @Test
  void a_line_that_was_cut_off_is_a_problem_of_the_line_behind_the_block() {
    // Given
    byte[] text = (BODY + "\n").getBytes(UTF_8);

    // When
    ParsedBlock block =
        new RequestParser(Parsed.NONE, "t", Parsed.LIMITS)
            .parse(new LineBlock(0, text, text.length, true), 0);

    // Then
    assertThat(block.lines()).isEqualTo(2);
    assertThat(block.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.line()).isEqualTo(1);
          assertThat(p.code()).isEqualTo("line_too_long");
        });
  }

  @Test
  void the_first_hundred_problems_are_reported_and_all_are_counted() {
    // When
    ParsedBlock block = Parsed.parse("bad\n".repeat(250));

    // Then
    assertThat(block.problems()).hasSize(100);
    assertThat(block.problemsTotal()).isEqualTo(250);
  }

  @Test
  void requests_are_grouped_by_model_and_endpoint_with_their_places() {
    // Given
    var random = new Random(7);
    var models = new ArrayList<String>();
    var text = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      models.add("m" + random.nextInt(4));
      text.append("{\"model\":\"%s\",\"n\":%d,%s}\n".formatted(models.getLast(), i, MESSAGES));
    }

    // When
    ParsedBlock block = Parsed.parse(text.toString());

    // Then
    var placed = new String[500];
    for (var chunk : block.chunks()) {
      var requests = new StoredRequests(chunk.raw());
      long bytes = 0;
      for (int place : chunk.places()) {
        assertThat(requests.next()).isTrue();
        bytes += requests.bodyLength();
        assertThat(new String(requests.body(), UTF_8)).contains("\"n\":" + place + ",");
        placed[place] = chunk.model();
      }
      assertThat(requests.next()).isFalse();
      assertThat(chunk.bodyBytes()).isEqualTo(bytes);
    }
    assertThat(placed).containsExactlyElementsOf(models);
  }

  @Test
  void ids_that_look_like_generated_ones_are_noticed() {
    // Given (the task is "t")
    String own = "{\"custom_id\":\"%s\",\"body\":%s}\n";

    // When
    var lookalike = Parsed.parse(own.formatted("t_12", BODY)).chunks().getFirst();
    var escaped = Parsed.parse(own.formatted("t\\u005f1", BODY)).chunks().getFirst();
    var other = Parsed.parse(own.formatted("t_12a", BODY)).chunks().getFirst();
    var none = Parsed.parse(BODY + "\n").chunks().getFirst();

    // Then
    assertThat(lookalike.lookalikes()).isTrue();
    assertThat(escaped.lookalikes()).isTrue();
    assertThat(other.lookalikes()).isFalse();
    assertThat(other.generated()).isFalse();
    assertThat(none.generated()).isTrue();
    assertThat(none.hashes()).isEmpty();
  }

  @Test
  void ids_are_hashed_by_meaning_and_not_by_spelling() {
    // When
    var block =
        Parsed.parse(
            "{\"custom_id\":\"a\",\"body\":%s}\n{\"custom_id\":\"\\u0061\",\"body\":%s}\n"
                .formatted(BODY, BODY));

    // Then
    Long[] hashes = block.chunks().getFirst().hashes();
    assertThat(hashes).hasSize(2);
    assertThat(hashes[0]).isEqualTo(hashes[1]);
  }

  @Test
  void defaults_make_much_of_little_a_part_at_a_time() {
    // Given (a block of 300 kB, with its defaults 6 GB)
    var defaults = defaults("m", "{\"messages\":[\"%s\"]}".formatted("d".repeat(60_000)));
    byte[] text = "{}\n".repeat(100_000).getBytes(UTF_8);
    var whole = new LineBlock(0, text, text.length, true);

    // When
    ParsedBlock first = new RequestParser(defaults, "t", Parsed.LIMITS).parse(whole, 0);
    ParsedBlock next = new RequestParser(defaults, "t", Parsed.LIMITS).parse(whole, first.next());
    ParsedBlock last =
        new RequestParser(defaults, "t", Parsed.LIMITS).parse(whole, text.length - 6);

    // Then
    assertThat(first.chunks().getFirst().raw().length)
        .isBetween(RequestParser.MOST_STORED, RequestParser.MOST_STORED + 70_000);
    assertThat(first.next()).isEqualTo(first.lines() * 3);
    assertThat(first.problemsTotal()).isZero();
    assertThat(next.chunks().getFirst().places()[0]).isZero();
    assertThat(next.next()).isEqualTo(2 * first.next());
    assertThat(last.requests()).isEqualTo(2);
    assertThat(last.next()).isEqualTo(text.length);
    assertThat(last.problems()).singleElement().satisfies(p -> assertThat(p.line()).isEqualTo(2));
  }

  @Test
  void a_line_that_its_defaults_make_too_long_is_refused_and_leaves_nothing() {
    // Given
    var defaults = defaults("m", "{\"x\":\"%s\"}".formatted("d".repeat(300)));
    String full = "{\"x\":1," + MESSAGES + "}\n";
    String filled = "{\"model\":\"n\"," + MESSAGES + "}\n";

    // When
    ParsedBlock block =
        new RequestParser(defaults, "t", Parsed.limits(200, 9))
            .parse(block((full + filled + full)), 0);

    // Then
    assertThat(block.problems())
        .singleElement()
        .satisfies(p -> {
          assertThat(p.line()).isEqualTo(1);
          assertThat(p.code()).isEqualTo("line_too_long");
          assertThat(p.detail()).contains("200 bytes", "arctic.ingest.max-line-bytes", "defaults");
        });
    assertThat(block.chunks()).singleElement().satisfies(c -> assertThat(c.places()).hasSize(2));
    assertThat(new String(block.chunks().getFirst().raw(), UTF_8)).doesNotContain("ddd");
  }

  @Test
  void json_over_several_lines_is_named_once_and_a_cut_line_is_a_bad_line() {
    // Given
    String pretty = "\n{\n  \"model\": \"m\",\n  \"messages\": []\n}\n";
    String cut = "{\"model\":\n" + BODY + "\n";

    // When
    ParsedBlock bad = Parsed.parse(cut);

    // Then
    assertThat(bad.problemsTotal()).isEqualTo(1);
    assertThat(bad.requests()).isEqualTo(1);
    assertThatThrownBy(() -> Parsed.parse("{\"model\":\"m\",\n" + MESSAGES + "}\n"))
        .isInstanceOf(InvalidLinesException.class);
    assertThatThrownBy(() -> Parsed.parse(pretty))
        .isInstanceOfSatisfying(
            InvalidLinesException.class,
            e -> {
              assertThat(e.problems().getFirst().line()).isEqualTo(2);
              assertThat(e.problems().getFirst().code()).isEqualTo("json_over_several_lines");
              assertThat(e.problems().getFirst().detail()).contains("jq -c . FILE");
            });
  }

  @Test
  void many_models_cost_little_and_have_a_limit() {
    // Given
    var text = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      text.append("{\"model\":\"m%d\",%s}\n".formatted(i % 300, MESSAGES));
    }

    // When
    ParsedBlock block =
        new RequestParser(Parsed.NONE, "t", Parsed.limits(1 << 24, 256))
            .parse(block(text.toString()), 0);

    // Then
    assertThat(block.chunks()).hasSize(256);
    assertThat(block.problems().getFirst().line()).isEqualTo(256);
    assertThat(block.problems().getFirst().code()).isEqualTo("too_many_models");
    assertThat(block.problems().getFirst().detail()).contains("256", "arctic.ingest.max-models");
  }

  @Test
  void text_that_is_passed_over_may_be_long_and_names_may_not() {
    // Given
    String image = "a".repeat(3_000_000);
    String line = "{\"model\":\"m\",\"messages\":[{\"image\":\"%s\"}]}".formatted(image);
    String model = "{\"model\":\"%s\",\"messages\":[1]}".formatted(image);

    // When
    Parsed request = Parsed.line(line);

    // Then
    assertThat(request.body()).hasSize(line.length());
    assertThat(Parsed.problem(model).code()).isEqualTo("limit_exceeded");
  }

  @Test
  void text_beyond_ascii_is_checked_however_long_it_is() {
    // Given
    String line = "{\"model\":\"m\",\"messages\":[\"%s\"]}".formatted("é".repeat(100_000));
    byte[] broken = line.getBytes(UTF_8);
    broken[broken.length - 4] = (byte) 0xC3;
    byte[] cut = java.util.Arrays.copyOf(line.getBytes(UTF_8), line.length());

    // When
    Parsed request = Parsed.line(line);

    // Then
    assertThat(request.body()).isEqualTo(line);
    assertThat(Parsed.problem(broken).code()).isEqualTo("invalid_text");
    assertThat(Parsed.problem(cut).code()).isIn("invalid_text", "invalid_json");
  }

  private static LineBlock block(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new LineBlock(0, bytes, bytes.length, false);
  }

  private static Arguments mistake(String line, @Nullable String pointer, String... codes) {
    return Arguments.of(line, pointer, List.of(codes));
  }

  private static RequestDefaults defaults(@Nullable String model, String json) {
    return RequestDefaults.of(Optional.ofNullable(model), RequestUrls.CHAT, Optional.of(json));
  }
}
