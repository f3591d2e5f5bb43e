package dev.arcticsynth.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.BatchStatus.Blame;
import dev.arcticsynth.provider.BatchStatus.Ended;
import dev.arcticsynth.provider.BatchStatus.Failed;
import dev.arcticsynth.provider.BatchStatus.How;
import dev.arcticsynth.provider.BatchStatus.InProgress;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import dev.arcticsynth.provider.BatchStatus.Unfamiliar;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WireBatchTest {

  private static final OptionalInt NONE = OptionalInt.empty();

  @ParameterizedTest
  @MethodSource
  void a_status_is_what_the_flow_can_use(String json, BatchStatus status)
      throws JsonProcessingException {
    assertThat(batch(json).status()).isEqualTo(status);
  }

  static Stream<Arguments> a_status_is_what_the_flow_can_use() {
    return Stream.of(
        row("'status':'validating'", new InProgress("validating", 0, 0, false)),
        row(
            "'status':'in_progress','request_counts':{'total':9,'completed':3,'failed':1}",
            new InProgress("in_progress", 4, 9, false)),
        row("'status':'finalizing'", new InProgress("finalizing", 0, 0, true)),
        row("'status':'cancelling'", new InProgress("cancelling", 0, 0, false)),
        row("'status':'pre_schedule'", new Unfamiliar("pre_schedule", 0, 0, List.of())),
        row(
            "'status':'complete','output_file_id':7,'request_counts':{'total':9,'completed':9}",
            new Unfamiliar("complete", 9, 9, List.of("7"))),
        row("'status':'queued'", new InProgress("queued", 0, 0, false)),
        row("'status':'Processing'", new InProgress("Processing", 0, 0, false)),
        row("'status':null", new InProgress("", 0, 0, false)),
        row("'status':'RUNNING','request_counts':7", new InProgress("RUNNING", 0, 0, false)),
        row(
            "'status':'completed','output_file_id':'o','error_file_id':'e',"
                + "'request_counts':{'total':9,'completed':8,'failed':1}",
            new Ended("completed", How.COMPLETED, List.of("o", "e"), OptionalInt.of(9), false)),
        row(
            "'status':'COMPLETED','output_file_id':'o','error_file_id':''",
            new Ended("COMPLETED", How.COMPLETED, List.of("o"), NONE, false)),
        row(
            "'status':'completed','output_file_id':null,'error_file_id':'e'",
            new Ended("completed", How.COMPLETED, List.of("e"), NONE, false)),
        row(
            "'status':'completed','error_file_id':'e','request_counts':{'completed':8,'failed':1}",
            new Ended("completed", How.COMPLETED, List.of("e"), OptionalInt.of(9), true)),
        row("'status':'completed'", new Ended("completed", How.COMPLETED, List.of(), NONE, true)),
        row("'status':'expired'", new Ended("expired", How.EXPIRED, List.of(), NONE, false)),
        row(
            "'status':'cancelled','output_file_id':'o'",
            new Ended("cancelled", How.CANCELLED, List.of("o"), NONE, false)),
        row("'status':'canceled'", new Ended("canceled", How.CANCELLED, List.of(), NONE, false)),
        row(
            "'status':'failed','errors':{'data':["
                + "{'code':'invalid_json_line','message':'no\\nJSON','line':3},"
                + "{'code':'token_limit_exceeded','message':'full','line':null}]}",
            new Failed(
                "failed",
                List.of(
                    new Refusal("invalid_json_line", "no JSON", OptionalInt.of(3), Blame.REQUESTS),
                    new Refusal("token_limit_exceeded", "full", NONE, Blame.CAPACITY)))),
        row(
            "'status':'failed','errors':[{'message':'bad'}]",
            new Failed("failed", List.of(new Refusal("", "bad", NONE, Blame.REQUESTS)))),
        row(
            "'status':'FAILED','errors':'bad'",
            new Failed("FAILED", List.of(new Refusal("", "bad", NONE, Blame.REQUESTS)))),
        row("'status':'failed','errors':null", new Failed("failed", List.of())),
        row("'status':'failed'", new Failed("failed", List.of())),
        row("'status':'failed','errors':''", new Failed("failed", List.of())),
        row(
            "'status':'failed','errors':{'data':[{'code':null,'message':null}]}",
            new Failed("failed", List.of())),
        row("'status':'failed','errors':{'data':[null]}", new Failed("failed", List.of())),
        row("'status':'failed','errors':{'data':null}", new Failed("failed", List.of())),
        row(
            "'status':'failed','errors':['bad','worse']",
            new Failed(
                "failed",
                List.of(
                    new Refusal("", "bad", NONE, Blame.REQUESTS),
                    new Refusal("", "worse", NONE, Blame.REQUESTS)))),
        row(
            "'status':'failed','errors':{'code':'model_not_found','message':'bad'}",
            new Failed(
                "failed", List.of(new Refusal("model_not_found", "bad", NONE, Blame.BATCH)))),
        row(
            "'status':'failed','errors':{'data':{'message':'bad','code':7}}",
            new Failed("failed", List.of(new Refusal("7", "bad", NONE, Blame.REQUESTS)))),
        row(
            "'status':'failed','error':{'message':'bad'}",
            new Failed("failed", List.of(new Refusal("", "bad", NONE, Blame.REQUESTS)))),
        row(
            "'status':'failed','errors':{'data':[{'message':{'text':'bad'}}]}",
            new Failed(
                "failed",
                List.of(
                    new Refusal(
                        "",
                        "{" + '"' + "text" + '"' + ":" + '"' + "bad" + '"' + "}",
                        NONE,
                        Blame.REQUESTS)))));
  }

  @Test
  void a_full_queue_decides_before_anything_else() throws JsonProcessingException {
    // Given
    BatchStatus status =
        batch("{'status':'failed','errors':[{'code':'a'},{'code':'token_limit_exceeded'}]}")
            .status();
    // Then
    assertThat(((Failed) status).first()).map(Refusal::blame).contains(Blame.CAPACITY);
  }

  @ParameterizedTest
  @CsvSource({
    "invalid_request, REQUESTS",
    "something_new, REQUESTS",
    "too_many_tasks, REQUESTS",
    "model_not_found, BATCH",
    "model_not_allowed, REQUESTS",
    "url_mismatch, BATCH",
    "Server_Error, BATCH",
    "token_limit_exceeded, CAPACITY",
    "quotaExceeded, CAPACITY",
    "rate_limit_exceeded, CAPACITY",
    "invalid_api_key, CREDENTIALS",
    "billing_hard_limit_reached, MONEY",
    "insufficient_quota, MONEY",
    "project_spend_limit_exceeded, MONEY"
  })
  void a_code_decides_what_is_at_fault(String code, Blame blame) throws JsonProcessingException {
    // When
    BatchStatus status =
        batch("{'status':'failed','errors':{'data':[{'code':'" + code + "'}]}}").status();

    // Then
    assertThat(((Failed) status).refusals()).extracting(Refusal::blame).containsExactly(blame);
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "'\"7\"', 7", "0, 0", "-1, 0", "99999999999, 0", "null, 0", "'\"x\"', 0"})
  void only_a_number_that_can_be_a_line_names_one(String given, int line)
      throws JsonProcessingException {
    // When
    BatchStatus status =
        batch("{'status':'failed','errors':[{'code':'a','line':" + given + "}]}").status();

    // Then
    assertThat(((Failed) status).refusals())
        .extracting(refusal -> refusal.line().orElse(0))
        .containsExactly(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1790000000               | 2026-09-21T14:13:20Z
          '2026-09-21T14:13:20Z'   | 2026-09-21T14:13:20Z
          yesterday                |
          """)
  void a_time_is_read_in_the_shapes_that_servers_send(String value, Instant time)
      throws JsonProcessingException {
    // Given
    String json = value.matches("\\d+") ? value : "'" + value + "'";
    // Then
    assertThat(batch("{'created_at':" + json + "}").createdAt().orElse(null)).isEqualTo(time);
  }

  private static Arguments row(String members, BatchStatus status) {
    return Arguments.of("{'id':'b'," + members + "}", status);
  }

  private static WireBatch batch(String json) throws JsonProcessingException {
    return new WireBatch(new ObjectMapper().readTree(json.replace('\'', '"')));
  }
}
