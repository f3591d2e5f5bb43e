package dev.arcticsynth.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.cli.client.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Answers as a test scripts it, in order; the last answer of a call stays.
final class FakeServer implements AutoCloseable {
  record Call(String line, Headers headers, String body) {}

  record Answer(int status, Map<String, String> headers, String body) {
    static Answer json(int status, Object value) {
      return new Answer(status, Map.of("Content-Type", "application/json"), JsonCodec.line(value));
    }

    static Answer ok(Object value) {
      return json(200, value);
    }

    static Answer problem(Problem problem) {
      return new Answer(
          problem.status(), Map.of("Content-Type", Problem.MEDIA_TYPE), JsonCodec.line(problem));
    }

    static Answer lines(String body) {
      return new Answer(200, Map.of("Content-Type", "application/x-ndjson"), body);
    }

    Answer with(String header, String value) {
      var all = new java.util.HashMap<>(headers);
      all.put(header, value);
      return new Answer(status, all, body);
    }

    /// Promises more bytes than it sends.
    Answer cutShort() {
      return with("X-Cut-Short", "true");
    }
  }

  private final HttpServer http;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  FakeServer() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::handle);
    http.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /// @param call method and path, as in `GET /v1/tasks`
  void answers(String call, Answer... inOrder) {
    answers.put(call, new ArrayDeque<>(List.of(inOrder)));
  }

  List<Call> calls() {
    return calls;
  }

  List<String> callLines() {
    return calls.stream().map(Call::line).toList();
  }

  Call call(String beginning) {
    return calls.stream()
        .filter(call -> call.line().startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    http.stop(0);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      URI uri = exchange.getRequestURI();
      calls.add(
          new Call(exchange.getRequestMethod() + " " + uri, exchange.getRequestHeaders(), body));
      send(exchange, next(exchange.getRequestMethod() + " " + uri.getPath()));
    }
  }

  private Answer next(String call) {
    Deque<Answer> left = answers.getOrDefault(call, new ArrayDeque<>());
    if (left.isEmpty()) {
      return Answer.problem(
          new Problem(
              "urn:not-found", "Not found", 404, call + " is unknown", null, List.of(), null));
    }
    return left.size() == 1 ? left.getFirst() : left.removeFirst();
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    int extra = answer.headers().containsKey("X-Cut-Short") ? 100 : 0;
    int length = body.length + extra;
    exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
    if (length > 0) {
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush();
    }
  }
}
