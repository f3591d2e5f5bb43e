package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.store.StateJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A client that shows a test what is on the wire, and heals nothing.
final class RawClient {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI url;

  RawClient(Simulator simulator) {
    url = simulator.url();
  }

  static String rows(int count) {
    return IntStream.range(0, count).mapToObj(RawClient::row).collect(Collectors.joining());
  }

  static String row(int number) {
    return """
    {"custom_id":"row-%d","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-x",\
    "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Question %d?"}]}}
    """
        .formatted(number, number);
  }

  HttpResponse<String> upload(String name, String content) {
    String body =
        """
        --XX\r
        Content-Disposition: form-data; name="purpose"\r
        \r
        batch\r
        --XX\r
        Content-Disposition: form-data; name="file"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        %s\r
        --XX--\r
        """
            .formatted(name, content);
    return send(
        request("/files")
            .header("Content-Type", "multipart/form-data; boundary=XX")
            .POST(BodyPublishers.ofString(body)));
  }

  String uploaded(String content) {
    return json(upload("input.jsonl", content)).path("id").asText();
  }

  HttpResponse<String> create(String fileId) {
    return create(fileId, "/v1/chat/completions", Map.of("part", "7"));
  }

  HttpResponse<String> create(String fileId, String endpoint, Map<String, String> metadata) {
    byte[] body =
        StateJson.bytes(
            Map.of(
                "input_file_id",
                fileId,
                "endpoint",
                endpoint,
                "completion_window",
                "24h",
                "metadata",
                metadata));
    return send(request("/batches").POST(BodyPublishers.ofByteArray(body)));
  }

  /// The id of a new batch over this input.
  String started(String content) {
    return json(create(uploaded(content))).path("id").asText();
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE());
  }

  JsonNode batch(String id) {
    return json(get("/batches/" + id));
  }

  String output(String batchId) {
    return content(batch(batchId).path("output_file_id").asText());
  }

  String errors(String batchId) {
    return content(batch(batchId).path("error_file_id").asText());
  }

  String content(String fileId) {
    return get("/files/" + fileId + "/content").body();
  }

  static JsonNode json(HttpResponse<String> response) {
    return parse(response.body());
  }

  static JsonNode parse(String text) {
    try {
      return StateJson.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path).normalize())
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer key");
  }

  /// For what may never come to an end: a request's timeout covers its headers only.
  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
