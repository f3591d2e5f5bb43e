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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What no HTTP client would send.
@QuarkusTest
@TestProfile(WithoutFlow.class)
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
      send(socket, chunk.repeat(WithoutFlow.MAX_BODY / line.length() + 2) + "0\r\n\r\n");
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
  void a_caller_who_goes_away_in_the_middle_leaves_nothing() throws IOException {
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
  void a_caller_who_resets_the_connection_leaves_nothing() throws IOException {
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
