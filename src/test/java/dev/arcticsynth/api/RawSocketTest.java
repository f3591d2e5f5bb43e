package dev.arcticsynth.api;

import static dev.arcticsynth.api.Http.LINE;
import static dev.arcticsynth.api.Http.freshName;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URL;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What no HTTP client would send.
@QuarkusTest
@TestProfile(WithoutPipeline.class)
@SuppressWarnings("NullAway.Init") // the framework injects the field
class RawSocketTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TestHTTPResource("/")
  URL service;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100001",
        "5000000000",
        "100000000000",
        "999999999999999999",
        "4611686018427387904"
      })
  void a_body_that_is_announced_too_long_is_refused_before_it_is_read(String length)
      throws IOException {
    // Given
    String before = Rows.stored();
    try (Socket socket = open()) {

      // When (the head, and nothing of the body)
      send(socket, head(freshName(), "Content-Length: " + length));
      String answer = answer(socket);

      // Then
      assertThat(answer).startsWith("HTTP/1.1 413").contains("application/problem+json");
      assertThat(Rows.stored()).isEqualTo(before);
    }
  }

  @Test
  void a_body_in_chunks_is_refused_once_it_is_too_long() throws IOException {
    // Given
    String before = Rows.stored();
    String line = LINE + "\n";
    String chunk = Integer.toHexString(line.length()) + "\r\n" + line + "\r\n";
    try (Socket socket = open()) {

      // When
      send(socket, head(freshName(), "Transfer-Encoding: chunked"));
      send(socket, chunk.repeat(WithoutPipeline.MAX_BODY / line.length() + 2) + "0\r\n\r\n");
      String answer = answer(socket);

      // Then
      assertThat(answer).startsWith("HTTP/1.1 413").contains("application/problem+json");
      assertThat(Rows.stored()).isEqualTo(before);
    }
  }

  @Test
  void a_body_in_chunks_is_taken() throws IOException {
    // Given
    String line = LINE + "\n";
    String chunk = Integer.toHexString(line.length()) + "\r\n" + line + "\r\n";
    try (Socket socket = open()) {

      // When
      send(socket, head(freshName(), "Transfer-Encoding: chunked") + chunk.repeat(3) + "0\r\n\r\n");
      String answer = answer(socket);

      // Then
      assertThat(answer).startsWith("HTTP/1.1 202").contains("\"total\":3");
    }
  }

  @Test
  void a_caller_that_goes_away_in_the_middle_leaves_nothing() throws IOException {
    // Given
    String name = freshName();
    String before = Rows.stored();

    // When
    try (Socket socket = open()) {
      send(socket, head(name, "Content-Length: 50000") + (LINE + "\n").repeat(20));
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(Rows.stored()).isNotEqualTo(before));
    }

    // Then
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(before));
    Http.expect(Http.get("/v1/tasks/" + name), 404);
  }

  @Test
  void a_caller_that_resets_the_connection_leaves_nothing() throws IOException {
    // Given
    String before = Rows.stored();

    // When
    try (Socket socket = open()) {
      socket.setSoLinger(true, 0);
      send(
          socket,
          head(freshName(), "Transfer-Encoding: chunked") + "fff\r\n" + (LINE + "\n").repeat(9));
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(Rows.stored()).isNotEqualTo(before));
    }

    // Then
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(before));
  }

  @Test
  void two_lengths_of_one_body_are_refused() throws IOException {
    // Given
    String before = Rows.stored();
    try (Socket socket = open()) {

      // When
      send(
          socket,
          head(freshName(), "Content-Length: 5\r\nTransfer-Encoding: chunked") + "0\r\n\r\n");
      String answer = answer(socket);

      // Then
      assertThat(answer).startsWith("HTTP/1.1 4");
      assertThat(Rows.stored()).isEqualTo(before);
    }
  }

  static Stream<String> callsWithABodyInVain() {
    return Stream.of(
        "404 /v1/tasks/none-such/requests",
        "404 /nowhere",
        "405 /v1/providers",
        "409 /v1/tasks?name=RUNNING",
        "409 /v1/tasks/RUNNING/requests",
        "422 /v1/tasks?name=x&nonsense=1",
        "422 /v1/tasks?name=x&provider=none-such",
        "400 /v1/tasks?name=x Idempotency-Key: no key");
  }

  /// Else the connection would stand until its idle time is over, with a body that is never read.
  @ParameterizedTest
  @MethodSource("callsWithABodyInVain")
  void a_call_that_is_refused_before_its_body_is_read_is_hung_up_on(String refused)
      throws IOException {
    // Given
    var parts = refused.replace("RUNNING", Http.running()).split(" ", 3);
    String header = parts.length > 2 ? "\n" + parts[2] : "";
    try (Socket socket = open()) {

      // When (the head, a part of the body, and a connection that is to be kept)
      send(socket, keptAlive(parts[1], "Content-Length: 50000" + header) + LINE);
      String answer = answer(socket);

      // Then
      assertThat(answer)
          .startsWith("HTTP/1.1 " + parts[0])
          .contains("application/problem+json")
          .containsIgnoringCase("connection: close");
    }
  }

  @Test
  void a_call_that_is_refused_without_a_body_keeps_its_connection() throws IOException {
    // Given
    try (Socket socket = open()) {

      // When
      send(socket, keptAlive("/v1/tasks/none-such/cancel", "Content-Length: 0"));
      send(socket, head(freshName(), "Content-Length: 0"));
      String answers = answer(socket);

      // Then
      assertThat(answers).startsWith("HTTP/1.1 404").contains("HTTP/1.1 422");
    }
  }

  @Test
  void a_reply_that_was_lost_is_given_to_the_next_call() throws IOException {
    // Given
    String name = freshName();
    String call =
        head(name, "Content-Length: %d\nIdempotency-Key: \"%s\"".formatted(LINE.length(), name))
            + LINE;
    try (Socket socket = open()) {
      send(socket, call);
      await().atMost(PATIENCE).until(() -> Http.get("/v1/tasks/" + name).statusCode() == 200);
    }
    String before = Rows.stored();
    try (Socket socket = open()) {

      // When
      send(socket, call);
      String answer = answer(socket);

      // Then
      assertThat(answer)
          .startsWith("HTTP/1.1 202")
          .containsIgnoringCase("idempotency-replayed: true")
          .contains("\"name\":\"" + name);
      assertThat(Rows.stored()).isEqualTo(before);
    }
  }

  @Test
  void a_caller_that_does_not_wait_for_the_reply_and_calls_again_makes_one_task()
      throws IOException {
    // Given
    String name = freshName();
    String call =
        head(name, "Content-Length: %d\nIdempotency-Key: %s".formatted(LINE.length(), name)) + LINE;
    try (Socket socket = open()) {
      socket.setSoLinger(true, 0);
      send(socket, call);
    }

    // When
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(answerTo(call)).startsWith("HTTP/1.1 202"));

    // Then
    assertThat(answerTo(call)).containsIgnoringCase("idempotency-replayed: true");
    assertThat(Http.get("/v1/tasks/" + name).jsonPath().getInt("counts.total")).isEqualTo(1);
  }

  @Test
  void an_upload_that_was_cut_is_done_by_the_next_call_with_its_key() throws IOException {
    // Given
    String name = freshName();
    String lines = (LINE + "\n").repeat(20);
    String key = "\nIdempotency-Key: \"%s\"".formatted(name);
    String before = Rows.stored();
    String whole = head(name, "Content-Length: " + lines.length() + key) + lines;
    try (Socket socket = open()) {
      send(socket, head(name, "Content-Length: 50000" + key) + lines);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(Rows.stored()).isNotEqualTo(before));
      assertThat(answerTo(whole)).startsWith("HTTP/1.1 409").contains("idempotency-in-progress");
    }

    // When
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(answerTo(whole)).startsWith("HTTP/1.1 202"));

    // Then
    assertThat(Http.get("/v1/tasks/" + name).jsonPath().getInt("counts.total")).isEqualTo(20);
    assertThat(Rows.one("SELECT count(*) FROM blob WHERE state = 'OPEN'")).isEqualTo("0");
  }

  private String answerTo(String call) throws IOException {
    try (Socket socket = open()) {
      send(socket, call);
      return answer(socket);
    }
  }

  private static String keptAlive(String path, String headers) {
    return """
    POST %s HTTP/1.1
    Host: localhost
    Content-Type: application/x-ndjson
    %s

    """
        .formatted(path, headers)
        .replace("\n", "\r\n");
  }

  private Socket open() throws IOException {
    var socket = new Socket(service.getHost(), service.getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static String head(String name, String lengthHeader) {
    return """
    POST /v1/tasks?name=%s HTTP/1.1
    Host: localhost
    Content-Type: application/x-ndjson
    Connection: close
    %s

    """
        .formatted(name, lengthHeader)
        .replace("\r", "")
        .replace("\n", "\r\n");
  }

  private static void send(Socket socket, String text) throws IOException {
    try {
      socket.getOutputStream().write(text.getBytes(UTF_8));
      socket.getOutputStream().flush();
    } catch (java.net.SocketException e) {
      // The service may hang up as soon as it has said no.
    }
  }

  /// All that is said until the service hangs up; fails when it does not.
  private static String answer(Socket socket) throws IOException {
    var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    var answer = new StringBuilder();
    try {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        answer.append((char) c);
      }
    } catch (java.net.SocketException e) {
      // Hung up on while we were still sending.
      assertThat(answer).isNotEmpty();
    }
    return answer.toString();
  }
}
