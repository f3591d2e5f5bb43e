package dev.arcticsynth.cli.client;

import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.http.RetryAfter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// An answer that is not a success, read as a failure.
final class ErrorResponse {
  private static final int MAX_BODY = 1 << 20;

  private ErrorResponse() {}

  static Failure of(URI server, HttpResponse<InputStream> answer) {
    int status = answer.statusCode();
    Optional<Problem> problem = problem(answer);
    if (status >= 500) {
      String explanation = problem.map(p -> " (" + p.title() + ": " + p.detail() + ")").orElse("");
      return new Failure.Unreachable(
          "%s cannot answer: status %d%s.".formatted(server, status, explanation),
          status >= 502 && status <= 504,
          retryAfter(answer));
    }
    return problem
        .<Failure>map(Failure.Refused::new)
        .orElseGet(() ->
            new Failure.Usage(
                "%s answered with status %d and no explanation; is it an ArcticSynth server?"
                    .formatted(server, status)));
  }

  private static Optional<Problem> problem(HttpResponse<InputStream> answer) {
    boolean isProblem =
        answer.headers().firstValue("Content-Type").orElse("").startsWith(Problem.MEDIA_TYPE);
    try (InputStream body = answer.body()) {
      return isProblem
          ? Optional.of(JsonCodec.MAPPER.readValue(body.readNBytes(MAX_BODY), Problem.class))
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> retryAfter(HttpResponse<InputStream> answer) {
    return RetryAfter.parse(answer.headers().firstValue("Retry-After").orElse(null), Instant.now());
  }
}
