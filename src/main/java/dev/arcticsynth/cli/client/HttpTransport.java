package dev.arcticsynth.cli.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.arcticsynth.cli.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// HTTP calls to one server, and the failures that its answers and timeouts mean.
public final class HttpTransport implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration CONTROL_CALL = Duration.ofSeconds(60);

  /// The server deletes as many files as one call names before it answers.
  private static final Duration DELETION = Duration.ofMinutes(5);

  private static final Duration READING_FILES = Duration.ofHours(1);

  private static final int COPY_BUFFER = 64 * 1024;

  private final URI server;
  private final Optional<String> apiKey;
  private final HttpClient http;

  public HttpTransport(URI server, Optional<String> apiKey) {
    this.server = server;
    this.apiKey = apiKey;
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            // Or the key would go wherever the server points.
            .followRedirects(HttpClient.Redirect.NEVER);
    this.http =
        "http".equals(server.getScheme())
            ? builder.sslContext(withoutCertificates()).build()
            : builder.build();
  }

  /// For a server without TLS: reading the machine's certificates takes longer than the call.
  private static SSLContext withoutCertificates() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has TLS", e);
    }
  }

  <T> T get(String path, Map<String, String> query, TypeReference<T> type) {
    return read(exchange(request(path, query).timeout(CONTROL_CALL).build()), type);
  }

  /// Without a key: a repeated DELETE does no harm.
  <T> T delete(String path, Map<String, String> query, TypeReference<T> type) {
    return read(exchange(request(path, query).timeout(DELETION).DELETE().build()), type);
  }

  void send(String method, String path, BodyPublisher body) {
    var request = request(path, Map.of()).timeout(CONTROL_CALL).method(method, body);
    try (InputStream _ = exchange(once(request, UUID.randomUUID().toString()).build()).body()) {
      // The task's state is read afterwards.
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /// A call that reads a provider's files before it answers, and that does no harm when repeated.
  <T> T ask(String path, Object body, TypeReference<T> type) {
    return read(
        exchange(
            request(path, Map.of())
                .timeout(READING_FILES)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JsonCodec.line(body)))
                .build()),
        type);
  }

  /// Without a time limit: the duration of an upload depends on the file.
  ///
  /// @param key the same for the same content: sent again, the call is not done again
  <T> Answer<T> upload(
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      BodyPublisher lines,
      String key,
      TypeReference<T> type) {
    var request =
        once(request(path, query), key).header("Content-Type", "application/x-ndjson").POST(lines);
    headers.forEach(request::header);
    var answer = exchange(request.build());
    boolean replayed =
        answer.headers().firstValue("Idempotency-Replayed").filter("true"::equals).isPresent();
    return new Answer<>(read(answer, type), replayed);
  }

  /// @param isReplayed the answer to an earlier call with the same key
  record Answer<T>(T value, boolean isReplayed) {}

  /// Time-limited to the first byte only. The caller closes the body.
  HttpResponse<InputStream> stream(String path, Map<String, String> query) {
    return exchange(request(path, query).timeout(CONTROL_CALL).build());
  }

  /// Sends a file; without a time limit. The caller closes the body of the answer.
  HttpResponse<InputStream> exchange(String path, BodyPublisher file) {
    return exchange(
        request(path, Map.of()).header("Content-Type", "application/x-ndjson").POST(file).build());
  }

  /// To the end of `from`, which is closed. An `IOException` is one of `to`.
  void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[COPY_BUFFER];
    try (from) {
      for (int read = next(from, buffer); read >= 0; read = next(from, buffer)) {
        to.write(buffer, 0, read);
      }
    }
  }

  Failure.Unreachable broken(IOException e) {
    return Failure.Unreachable.forNow(
        "The connection to %s broke: %s.".formatted(server, reason(e)));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path, Map<String, String> query) {
    String base = server.toString().replaceAll("/+$", "");
    String parameters =
        query.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    var uri = URI.create(base + path + (parameters.isEmpty() ? "" : "?" + parameters));
    var request = HttpRequest.newBuilder(uri);
    apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request;
  }

  // The draft of the header wants a structured-field string, quotes included.
  private static HttpRequest.Builder once(HttpRequest.Builder request, String key) {
    return request.header("Idempotency-Key", "\"" + key + "\"");
  }

  private HttpResponse<InputStream> exchange(HttpRequest request) {
    HttpResponse<InputStream> answer;
    try {
      answer = http.send(request, BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException _) {
      throw Failure.Unreachable.forNow("%s does not answer.".formatted(server));
    } catch (ConnectException e) {
      throw noConnection(e);
    } catch (IOException e) {
      throw broken(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Failure.Unreachable.forGood("Interrupted while waiting for %s.".formatted(server));
    }
    if (answer.statusCode() / 100 != 2) {
      throw ErrorResponse.of(server, answer);
    }
    return answer;
  }

  private <T> T read(HttpResponse<InputStream> answer, TypeReference<T> type) {
    byte[] body;
    try (InputStream in = answer.body()) {
      body = in.readAllBytes();
    } catch (IOException e) {
      throw broken(e);
    }
    try {
      return JsonCodec.MAPPER.readValue(body, type);
    } catch (IOException _) {
      throw Failure.Unreachable.forGood(
          "%s sent an unexpected answer; is it an ArcticSynth server?".formatted(server));
    }
  }

  private int next(InputStream from, byte[] buffer) {
    try {
      return from.read(buffer);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private Failure.Unreachable noConnection(ConnectException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return Failure.Unreachable.forNow("The host of %s is unknown.".formatted(server));
      }
    }
    return Failure.Unreachable.forNow(
        "Nothing answers at %s; start a server with 'arctic-synth serve' or name another with --server."
            .formatted(server));
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
