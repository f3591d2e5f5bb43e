package dev.arcticsynth.api;

import static dev.arcticsynth.api.Http.LINE;
import static dev.arcticsynth.api.Http.freshName;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.Problem;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is refused before it is looked at: calls of web pages, under other names, with paths or
/// bodies of two meanings.
@QuarkusTest
@TestProfile(WithoutPipeline.class)
@SuppressWarnings("NullAway.Init") // the framework injects the field
class AccessTest {

  private static final List<String> READS =
      List.of(
          "/v1/tasks",
          "/v1/providers/nowhere",
          "/q/health/live",
          "/q/health/ready",
          "/q/metrics",
          "/q/openapi");

  private static final List<String> CHANGES =
      List.of(
          "POST /v1/tasks",
          "POST /v1/tasks/x/cancel",
          "POST /v1/tasks/x/requests",
          "PUT /v1/tasks/x/callback/secret",
          "DELETE /v1/tasks/x",
          "DELETE /v1/providers/nowhere/files?older_than_days=1&confirm=true",
          "POST /v1/providers/nowhere/webhook",
          "OPTIONS /v1/tasks",
          "PATCH /v1/tasks/x");

  @TestHTTPResource("/")
  URL service;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8080",
        "localhost.",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.1.2.3",
        "[::1]:8080",
        "batch.example.com",
        "BATCH.example.com:443",
        "arctic-synth.team.svc.cluster.local"
      })
  void the_service_is_called_by_its_own_names(String host) throws IOException {
    for (String path : READS) {
      // When
      String answer = get(path, "Host: " + host);

      // Then
      assertThat(answer).as(path).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil-localhost",
        "batch.example.com.evil.example",
        "xbatch.example.com",
        "svc.cluster.local",
        "x-svc.cluster.local",
        "192.0.2.1",
        "[2001:db8::1]",
        "0.0.0.0:8080",
        "2130706433",
        "0x7f000001"
      })
  void a_call_under_another_name_is_refused_at_every_door(String host) throws IOException {
    // Given
    String before = Rows.stored();

    // When
    for (String path : READS) {
      requireProblem(get(path, "Host: " + host), 421, "unknown-host");
    }
    for (String call : CHANGES) {
      requireProblem(send(call, "Host: " + host), 421, "unknown-host");
    }

    // Then
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Not: a host",
        "Host:",
        "Host: a b",
        "Host: user@localhost",
        "Host: localhost:80:80",
        "Host: localhost/path",
        "Host: localhost, evil.example",
        "Host: localhost\nHost: localhost",
        "Host: localhost\nHost: evil.example",
        "Host: évil"
      })
  void a_call_has_one_host(String hosts) throws IOException {
    for (String path : READS) {
      // When
      String answer = get(path, hosts);

      // Then
      requireProblem(answer, 400, "bad-request");
    }
  }

  @Test
  void an_old_call_without_a_host_is_refused_too() throws IOException {
    // When
    String answer = RawCall.answer(service, "GET /v1/tasks HTTP/1.0", "");

    // Then
    assertThat(answer).contains(" 400 ").contains(Problem.MEDIA_TYPE);
  }

  @Test
  void a_target_that_names_another_host_is_refused() throws IOException {
    // When
    String foreign = get("http://evil.example/v1/tasks", "Host: localhost");
    String own = get("http://localhost:8080/v1/tasks", "Host: localhost");

    // Then
    requireProblem(foreign, 421, "unknown-host");
    assertThat(own).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "sec-fetch-site: Cross-Site",
        "Sec-Fetch-Site: same-origin\nSec-Fetch-Site: cross-site",
        "Origin: http://evil.example",
        "Origin: null",
        "Origin:",
        "Origin: http://localhost:3000",
        "Origin: http://localhost.evil.example",
        "Origin: http://console.example.com",
        "Origin: file://",
        "Origin: http://localhost\nOrigin: http://evil.example",
        "Origin: http://evil.example\nSec-Fetch-Site: same-origin"
      })
  void a_page_of_another_site_changes_nothing(String headers) throws IOException {
    // Given
    String before = Rows.stored();

    // When
    for (String call : CHANGES) {
      String answer = send(call, "Host: localhost\n" + headers);
      requireProblem(answer, 403, "cross-site");
      assertThat(answer).doesNotContainIgnoringCase("access-control-");
    }

    // Then
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://localhost",
        "Origin: https://localhost",
        "Origin: https://console.example.com",
        "Origin: https://console.example.com\nSec-Fetch-Site: cross-site",
        "Origin: http://localhost\nSec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none"
      })
  void a_page_of_our_own_may_change_something(String headers) throws IOException {
    // When
    String answer =
        call(
            "POST /v1/tasks?name=" + freshName(),
            "Host: localhost\nContent-Type: application/x-ndjson\n" + headers,
            LINE);

    // Then
    assertThat(answer).startsWith("HTTP/1.1 202");
  }

  @Test
  void a_page_of_another_site_cannot_read_what_it_may_ask_for() throws IOException {
    for (String path : READS) {
      // When
      String answer =
          get(path, "Host: localhost\nOrigin: http://evil.example\nSec-Fetch-Site: cross-site");

      // Then
      assertThat(answer)
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("cross-origin-resource-policy: same-origin")
          .containsIgnoringCase("x-content-type-options: nosniff")
          .doesNotContainIgnoringCase("access-control-");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Type:",
        "Content-Type: text/plain",
        "Content-Type: text/plain; charset=application/json",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: application/octet-stream",
        "Content-Type: text/plain\nContent-Type: application/json"
      })
  void a_body_without_a_known_type_is_refused_at_every_door(String type) throws IOException {
    // Given
    String before = Rows.stored();

    // When
    for (String call : CHANGES) {
      requireProblem(call(call, "Host: localhost\n" + type, "x=1"), 415, "unsupported-media-type");
    }
    requireProblem(
        call("GET /q/health/live", "Host: localhost\n" + type, "x=1"),
        415,
        "unsupported-media-type");

    // Then
    assertThat(Rows.stored()).isEqualTo(before);
  }

  @Test
  void a_call_without_a_body_needs_no_type() throws IOException {
    // Given
    String name = Http.open();

    // When
    String answer = call("POST /v1/tasks/" + name + "/cancel", "Host: localhost", "");

    // Then
    assertThat(answer).startsWith("HTTP/1.1 202");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/tasks;x=1",
        "/v1/tasks/a;b",
        "/v1/tasks/a%3Bb",
        "/v1/tasks/a%3bb",
        "/v1/tasks/a%2Fcancel",
        "/v1/tasks/a%2fcancel",
        "/v1/tasks/a%5Cb",
        "/v1/tasks/a%252Fb",
        "/v1//tasks",
        "//v1/tasks",
        "/v1/tasks//",
        "/v1/./tasks",
        "/v1/../v1/tasks",
        "/v1/%2e%2e/v1/tasks",
        "/v1/.%2E/q/metrics",
        "/q/health/%2e%2e/metrics",
        "/q//metrics",
        "/q/metrics;x",
        "/v1/tasks/a%3Fb",
        "/v1/tasks/a%23b",
        "http://localhost//v1/tasks"
      })
  void a_path_of_two_meanings_is_refused_before_routing(String path) throws IOException {
    for (String method : List.of("GET", "POST", "DELETE")) {
      // When
      String answer = send(method + " " + path, "Host: localhost");

      // Then
      requireProblem(answer, 400, "bad-path");
    }
  }

  @Test
  void the_same_characters_are_fine_in_a_query() throws IOException {
    // When
    String answer = get("/v1/tasks?name_prefix=a%2Fb;c//..%3B", "Host: localhost");

    // Then
    assertThat(answer).doesNotContain("bad-path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "gzip, chunked", "identity", "xchunked", "chunked, chunked"})
  void a_transfer_coding_that_is_not_known_is_named(String coding) throws IOException {
    // When
    String answer =
        RawCall.answer(
            service,
            "POST /v1/tasks?name=%s HTTP/1.1\nHost: localhost\nContent-Type: application/x-ndjson\nTransfer-Encoding: %s"
                .formatted(freshName(), coding),
            "0\r\n\r\n");

    // Then
    assertThat(RawCall.status(answer)).as(answer).isIn(400, 501);
    assertThat(answer).contains(Problem.MEDIA_TYPE);
  }

  @Test
  void a_length_near_the_end_of_all_numbers_is_too_large() throws IOException {
    // When
    String answer =
        RawCall.answer(
            service,
            "POST /v1/tasks?name=x HTTP/1.1\nHost: localhost\nContent-Type: application/x-ndjson\nContent-Length: 9223372036854775807",
            "");

    // Then
    requireProblem(answer, 413, "too-large");
  }

  /// These never come to a handler: the connection itself answers.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /v1/ta%zzks|400|bad-request",
        "GET /v1/tasks?name=%|400|bad-request",
        "GET /v1/tasks/a^b|400|bad-request",
        "GET v1/tasks|400|bad-request",
        "OPTIONS *|400|bad-request",
      })
  void a_target_that_cannot_be_read_is_answered_with_a_problem(String call, int status, String type)
      throws IOException {
    // When
    String answer = send(call, "Host: localhost");

    // Then
    requireProblem(answer, status, type);
  }

  @Test
  void a_head_over_its_limits_is_answered_with_a_problem() throws IOException {
    // When
    String line = get("/v1/tasks?name_prefix=" + "x".repeat(20_000), "Host: localhost");
    String headers = get("/v1/tasks", "Host: localhost\nX-Long: " + "x".repeat(50_000));
    String name = get("/v1/tasks", "Host: localhost\nno colon");

    // Then
    requireProblem(line, 414, "request-uri-too-long");
    requireProblem(headers, 431, "request-header-fields-too-large");
    requireProblem(name, 400, "bad-request");
  }

  @Test
  void http_2_is_not_spoken() throws IOException {
    // When
    String upgraded =
        get(
            "/q/health/live",
            "Host: localhost\nConnection: Upgrade, HTTP2-Settings, close\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA");
    String preface = RawCall.answer(service, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    // Then
    assertThat(upgraded).startsWith("HTTP/1.1 200");
    assertThat(preface).doesNotStartWith("\0").matches("(?s)(HTTP/\\d.\\d [45].*)?");
  }

  @Test
  void where_a_task_lies_is_told_without_a_host() throws IOException {
    // Given
    String name = freshName();

    // When
    String answer =
        call(
            "POST /v1/tasks?name=" + name,
            "Host: batch.example.com\nContent-Type: application/x-ndjson",
            LINE);

    // Then
    assertThat(answer).startsWith("HTTP/1.1 202").contains("ocation: /v1/tasks/" + name + "\r\n");
  }

  private String get(String target, String headers) throws IOException {
    return call("GET " + target, headers, "");
  }

  /// A call that is right but for the headers.
  private String send(String call, String headers) throws IOException {
    return call(call, "Content-Type: application/x-ndjson\n" + headers, "");
  }

  private String call(String call, String headers, String body) throws IOException {
    String length = body.isEmpty() ? "" : "\nContent-Length: " + body.length();
    return RawCall.answer(
        service,
        "%s HTTP/1.1\nConnection: close\n%s%s".formatted(call, headers.strip(), length),
        body);
  }

  private static void requireProblem(String answer, int status, String type) throws IOException {
    assertThat(answer).matches("(?s)HTTP/1.[01] " + status + " .*").contains(Problem.MEDIA_TYPE);
    Problem problem = RawCall.problem(answer);
    assertThat(problem.type()).isEqualTo("https://arcticsynth.dev/problems/" + type);
    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.detail()).isNotBlank();
    assertThat(problem.instance()).startsWith("urn:uuid:");
  }
}
