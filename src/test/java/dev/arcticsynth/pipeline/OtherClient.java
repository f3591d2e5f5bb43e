package dev.arcticsynth.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/// A client beside us on the same account, which sends what it has and tags nothing: the Python
/// client.
record OtherClient(URI provider) {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  String upload(String content) {
    String body =
        """
        --XX\r
        Content-Disposition: form-data; name="purpose"\r
        \r
        batch\r
        --XX\r
        Content-Disposition: form-data; name="file"; filename="t_0.jsonl"\r
        Content-Type: application/octet-stream\r
        \r
        %s\r
        --XX--\r
        """
            .formatted(content);
    return call(request("/files")
            .header("Content-Type", "multipart/form-data; boundary=XX")
            .POST(BodyPublishers.ofString(body)))
        .path("id")
        .asText();
  }

  String create(String fileId) {
    return call(request("/batches")
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    """
                    {"input_file_id":"%s","endpoint":"/v1/chat/completions","completion_window":"24h"}\
                    """
                        .formatted(fileId))))
        .path("id")
        .asText();
  }

  String content(String fileId) {
    try {
      return HTTP.send(request("/files/" + fileId + "/content").build(), BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void delete(String fileId) {
    var _ = call(request("/files/" + fileId).DELETE());
  }

  JsonNode batch(String batchId) {
    return call(request("/batches/" + batchId));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(provider + path)).header("Authorization", "Bearer k");
  }

  private static JsonNode call(HttpRequest.Builder request) {
    try {
      var reply = HTTP.send(request.build(), BodyHandlers.ofString());
      if (reply.statusCode() != 200) {
        throw new AssertionError(reply.statusCode() + " " + reply.body());
      }
      return Flow.json(reply.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
