package dev.arcticsynth.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.api.model.Problem;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URL;

/// A call as bytes, for what no HTTP client would send, and its answer as text.
final class RawCall {

  private static final int PATIENCE_MILLIS = 10_000;

  private RawCall() {}

  /// Sends lines, an empty one and the body; returns what comes until the service hangs up.
  static String answer(URL service, String head, String body) throws IOException {
    return answer(service, head.strip().replace("\n", "\r\n") + "\r\n\r\n" + body);
  }

  static String answer(URL service, String bytes) throws IOException {
    try (var socket = new Socket(service.getHost(), service.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      return read(socket);
    }
  }

  private static String read(Socket socket) throws IOException {
    var answer = new StringBuilder();
    try {
      for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
        answer.append((char) c);
      }
    } catch (SocketException e) {
      // Hung up on while we were still sending; what was said counts.
    }
    return answer.toString();
  }

  static int status(String answer) {
    return Integer.parseInt(answer.substring(9, 12));
  }

  static Problem problem(String answer) throws IOException {
    return new ObjectMapper()
        .readValue(answer.substring(answer.indexOf("\r\n\r\n") + 4), Problem.class);
  }
}
