package dev.arcticsynth.pipeline.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerLineTest {

  @Test
  void a_good_answer_has_no_fault_and_its_tokens_are_known() {
    // When
    AnswerLine chat =
        read(
            """
            {"id":"batch_req_1","custom_id":"x","response":{"status_code":200,"request_id":"r","body":{"choices":[{"message":{}}],"usage":{"prompt_tokens":3,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":9}}}},"error":null}\
            """);
    AnswerLine responses =
        read(
            """
            {"custom_id":"x","response":{"status_code":201,"body":{"error":null,"output":[{}],"usage":{"input_tokens":5,"output_tokens":6}}}}\
            """);

    // Then
    assertThat(chat.fault()).isEmpty();
    assertThat(chat.inputTokens()).isEqualTo(3);
    assertThat(chat.outputTokens()).isEqualTo(4);
    assertThat(responses.fault()).isEmpty();
    assertThat(responses.inputTokens()).isEqualTo(5);
    assertThat(responses.outputTokens()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // Rejected inside the batch: the body says why; asking again is no use.
        "{'status_code':400,'body':{'error':{'code':'invalid_value','message':'bad'}}}|null|invalid_value|bad|false|false",
        "{'status_code':404,'body':{'error':{'type':'not_found','code':null,'message':'no model'}}}|null|not_found|no model|false|false",
        "{'status_code':401,'body':{}}|null|http_401|The provider answered with status 401.|false|false",
        "{'status_code':302,'body':{}}|null|http_302|The provider answered with status 302.|false|false",
        // The provider's own failure: ask again.
        "{'status_code':429,'body':{'error':{'code':'rate_limit_exceeded','message':'slow'}}}|null|rate_limit_exceeded|slow|true|false",
        "{'status_code':408,'body':{}}|null|http_408|The provider answered with status 408.|true|false",
        "{'status_code':500,'body':{'error':{'message':'oops','type':'server_error'}}}|null|server_error|oops|true|false",
        "{'status_code':503,'body':null}|null|http_503|The provider answered with status 503.|true|false",
        // Seen in the wild: no content at all.
        "{'status_code':0,'body':{}}|null|http_0|The provider answered with status 0.|true|false",
        // Never executed.
        "null|{'code':'batch_expired','message':'too late'}|batch_expired|too late|true|false",
        "null|{'code':'batch_cancelled','message':'stopped'}|batch_cancelled|stopped|true|true",
        "null|{'message':'who knows'}|no_response|who knows|true|false",
        "null|null|no_response|The provider did not run this request.|true|false",
      })
  void every_other_answer_says_why_and_whether_to_ask_again(
      String response, String error, String code, String message, boolean again, boolean stopped) {
    // When
    var fault = read(line(response, error)).fault();

    // Then
    assertThat(fault).contains(new AnswerLine.Fault(code, message, again, stopped));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'status_code':200,'body':{'error':{'message':'invalid content','type':'model_error','code':null}}}|model_error|invalid content",
        "{'status_code':200,'body':{'error':'out of memory'}}|no_answer|out of memory",
        "{'status_code':200,'body':{'detail':'gone','choices':null}}|no_answer|gone",
        "{'status_code':200,'body':{'error':{'code':504}}}|504|The provider answered with status 200 and without an answer.",
        "{'status_code':200,'body':{'choices':[]}}|no_answer|The provider answered with status 200 and without an answer.",
        "{'status_code':200,'body':{'choices':{}}}|no_answer|The provider answered with status 200 and without an answer.",
        "{'status_code':200,'body':{'choices':[null,{},{'index':0,'message':null}]}}|no_answer|The provider answered with status 200 and without an answer.",
        "{'status_code':200,'body':{'data':[]}}|no_answer|The provider answered with status 200 and without an answer.",
        "{'status_code':200,'body':{'output':[null]}}|no_answer|The provider answered with status 200 and without an answer.",
        "{'status_code':200,'body':{'status':'failed','output':[{}],'error':{'code':'server_error','message':'broke'}}}|server_error|broke",
        "{'status_code':200,'body':{}}|no_answer|The provider answered with status 200 and without an answer.",
        "{'status_code':200,'body':null}|no_answer|The provider answered with status 200 and without an answer.",
        "{'status_code':200,'body':'oops'}|no_answer|The provider answered with status 200 and without an answer.",
        "{'status_code':200}|no_answer|The provider answered with status 200 and without an answer.",
      })
  void a_success_without_an_answer_is_a_failure_that_is_asked_once_more(
      String response, String code, String message) {
    // When
    var fault = read(line(response, "null")).fault();

    // Then
    assertThat(fault).contains(new AnswerLine.Fault(code, message, true, false, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status_code':200,'body':{'choices':[{'message':{'content':null}}]}}",
        "{'status_code':200,'body':{'choices':[{'text':''}],'error':{}}}",
        "{'status_code':200,'body':{'choices':[{'message':{}}],'error':{'code':'x'}}}",
        "{'status_code':200,'body':{'output':[{'type':'reasoning'}],'status':'incomplete'}}",
        "{'status_code':200,'body':{'data':[{'embedding':[]}]}}",
        "{'status_code':200,'body':{'results':[{'flagged':false}]}}",
        "{'status_code':null,'body':{'choices':[{'message':{}}]}}",
        "{'body':{'choices':[{'message':{}}]}}"
      })
  void an_answer_is_an_answer_also_without_words_or_status(String response) {
    assertThat(read(line(response, "null")).fault()).isEmpty();
  }

  @Test
  void an_error_that_is_a_text_is_the_message() {
    // When
    var notRun = read(line("null", "'the queue was closed'")).fault();
    var refused = read(line("{'status_code':400,'body':{'error':'bad'}}", "null")).fault();
    var both = read(line("{'status_code':400,'body':{}}", "'bad'")).fault();

    // Then
    assertThat(notRun)
        .contains(new AnswerLine.Fault("no_response", "the queue was closed", true, false));
    assertThat(refused).contains(new AnswerLine.Fault("http_400", "bad", false, false));
    assertThat(both).contains(new AnswerLine.Fault("http_400", "bad", false, false));
  }

  @Test
  void tokens_are_counted_past_two_thousand_million() {
    // When
    AnswerLine answer =
        read(
            """
            {"custom_id":"x","response":{"status_code":200,"body":{"data":[0],"usage":{"prompt_tokens":9007199254740993,"completion_tokens":-5}}}}\
            """);

    // Then
    assertThat(answer.inputTokens()).isEqualTo(9_007_199_254_740_993L);
    assertThat(answer.outputTokens()).isZero();
  }

  @Test
  void an_empty_error_beside_a_good_answer_is_no_error() {
    // When
    var object = read(line("{'status_code':200,'body':{'choices':[{'text':''}]}}", "{}")).fault();
    var nothing = read(line("{'status_code':200,'body':{'choices':[{'text':''}]}}", "''")).fault();
    var list = read(line("{'status_code':200,'body':{'choices':[{'text':''}]}}", "[]")).fault();

    // Then
    assertThat(object).isEmpty();
    assertThat(nothing).isEmpty();
    assertThat(list).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "null",
        "[]",
        "{}",
        "{\"custom_id\":null}",
        "{\"custom_id\":\"\"}",
        "{\"custom_id\":7.5}",
        "{\"custom_id\":true}",
        "{\"custom_id\":\"x\"",
        "{\"custom_id\":\"x\",\"response\":{\"body\":{",
        "{\"custom_id\":\"x\"}}",
        "{\"custom_id\":\"x\"}{\"custom_id\":\"y\"}",
        "<html>502</html>",
        "{\"custom_id\":\"x\",\"a\":\"\0\"}"
      })
  void what_is_no_answer_is_nothing(String line) {
    // When
    byte[] bytes = line.getBytes(UTF_8);
    Optional<AnswerLine> read = AnswerLine.read(bytes, bytes.length);

    // Then
    assertThat(read).isEmpty();
  }

  @Test
  void an_id_that_is_written_as_a_number_is_an_id() {
    // When
    AnswerLine answer =
        read("{\"custom_id\":12345678901234567890123,\"response\":{\"status_code\":200}}");

    // Then
    assertThat(answer.wireId()).isEqualTo("12345678901234567890123");
  }

  @Test
  void numbers_out_of_all_bounds_do_not_spoil_a_paid_answer() {
    // Given
    byte[] line =
        """
        {"custom_id":"x","response":{"status_code":200,"body":{"data":[0],"usage":{"prompt_tokens":99999999999999999999,"completion_tokens":1e400}}}}\
        """
            .getBytes(UTF_8);

    // When
    AnswerLine read = AnswerLine.read(line, line.length).orElseThrow();

    // Then
    assertThat(read.fault()).isEmpty();
    assertThat(read.inputTokens()).isZero();
    assertThat(read.outputTokens()).isZero();
  }

  @Test
  void a_line_in_another_encoding_is_nothing() {
    // Given
    byte[] line = "{\"custom_id\":\"x\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE);

    // When
    Optional<AnswerLine> read = AnswerLine.read(line, line.length);

    // Then
    assertThat(read).isEmpty();
  }

  @Test
  void what_we_do_not_know_is_skipped() {
    // When
    AnswerLine answer =
        read(
            """
            {"new":{"custom_id":"inner"},"custom_id":"x","response":{"extra":[{}],"status_code":200,"body":{"results":[{}],"usage":{"prompt_tokens":"3","completion_tokens":1.5,"other":[1]}}},"error":null,"id":7}\
            """);

    // Then
    assertThat(answer.wireId()).isEqualTo("x");
    assertThat(answer.fault()).isEmpty();
    assertThat(answer.inputTokens()).isZero();
  }

  @Test
  void id_and_response_are_found_to_the_byte() {
    // Given
    byte[] line =
        " {\"custom_id\":\"x\",\"response\": {\"status_code\":200,\"body\":{\"é\":\"\\u00e9😀\"} } ,\"id\" : \"q\\\"é\" } \r"
            .getBytes(UTF_8);

    // When
    int[] spans = new int[4];
    AnswerLine.read(line, line.length).orElseThrow().copySpans(spans, 0);

    // Then
    assertThat(new String(line, spans[0], spans[1], UTF_8)).isEqualTo("\"q\\\"é\"");
    assertThat(new String(line, spans[2], spans[3], UTF_8))
        .isEqualTo("{\"status_code\":200,\"body\":{\"é\":\"\\u00e9😀\"} }");
  }

  private static String line(String response, String error) {
    return "{'id':'i','custom_id':'x','response':%s,'error':%s}"
        .formatted(response, error)
        .replace('\'', '"');
  }

  private static AnswerLine read(String line) {
    byte[] bytes = line.getBytes(UTF_8);
    return AnswerLine.read(bytes, bytes.length).orElseThrow();
  }
}
