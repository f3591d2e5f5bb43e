package dev.arcticsynth.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Answers from before a request is understood, as they are on the wire.
final class RefusalText {

  private static final String TYPES = "https://arcticsynth.dev/problems/";

  static final byte[] BUSY =
      text(
          503,
          "Service Unavailable",
          "busy",
          "Service overloaded",
          "There are too many connections. Close idle ones, or try again later.",
          "Retry-After: 5\r\n");

  static final byte[] TIMEOUT =
      text(
          408,
          "Request Timeout",
          "too-slow",
          "Request too slow",
          "The head of the request did not arrive in time.",
          "");

  private RefusalText() {}

  private static byte[] text(
      int status, String reason, String type, String title, String detail, String header) {
    String body =
        "{\"type\":\"%s%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
            .formatted(TYPES, type, title, status, detail);
    return ("HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n"
            + "%sConnection: close\r\n\r\n%s")
        .formatted(status, reason, body.length(), header, body)
        .getBytes(US_ASCII);
  }
}
