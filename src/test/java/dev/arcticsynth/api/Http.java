package dev.arcticsynth.api;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.Problem;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;

/// Calls of the API as a caller makes them, bytes untouched.
final class Http {

  static final String NDJSON = "application/x-ndjson";
  static final String LINE =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static final RestAssuredConfig AS_IT_IS =
      RestAssuredConfig.config()
          .encoderConfig(
              EncoderConfig.encoderConfig()
                  .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                  .encodeContentTypeAs(NDJSON, ContentType.BINARY));

  private Http() {}

  static RequestSpecification call() {
    return given().config(AS_IT_IS).urlEncodingEnabled(false);
  }

  static Response lines(String path, byte[] body) {
    return call().contentType(NDJSON).body(body).post(path);
  }

  static Response lines(String path, String body) {
    return lines(path, body.getBytes(UTF_8));
  }

  static Response json(String path, String body) {
    return json(path, body.getBytes(UTF_8));
  }

  static Response json(String path, byte[] body) {
    return call().contentType("application/json").body(body).post(path);
  }

  static Response post(String path) {
    return call().post(path);
  }

  static Response get(String path) {
    return call().get(path);
  }

  static String freshName() {
    return "t-" + UUID.randomUUID();
  }

  static String request(String id) {
    return "{\"custom_id\":\"%s\",\"body\":%s}".formatted(id, LINE);
  }

  /// An open task without requests.
  static String open() {
    String name = freshName();
    expect(json("/v1/tasks", "{\"name\":\"%s\"}".formatted(name)), 201);
    return name;
  }

  /// A task with one request that runs and gets nowhere.
  static String running() {
    String name = freshName();
    expect(lines("/v1/tasks?name=" + name, LINE), 202);
    return name;
  }

  static void expect(Response response, int status) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
  }

  /// The answer is a problem of the given kind, in the one shape that all problems have.
  static Problem problem(Response response, int status, String type) {
    expect(response, status);
    assertThat(response.contentType()).as(response.asString()).startsWith(Problem.MEDIA_TYPE);
    Problem problem = response.as(Problem.class);
    assertThat(problem.type()).isEqualTo("https://arcticsynth.dev/problems/" + type);
    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.title()).isNotBlank();
    assertThat(problem.detail()).isNotBlank().doesNotContain("Exception", "null");
    assertThat(problem.instance()).startsWith("urn:uuid:");
    return problem;
  }
}
