package dev.arcticsynth.api;

import static dev.arcticsynth.api.Http.call;
import static dev.arcticsynth.api.Http.freshName;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.api.model.Problem;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The OpenAPI document against the service: each operation is called in every way that gives
/// another status, and documents what it answered.
@QuarkusTest
@TestProfile(WithoutPipeline.class)
@SuppressWarnings("NullAway.Init") // set before each test
class OpenApiTest {

  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
  private static final String UNSIGNED = "{\"type\":\"batch.completed\"}";

  private JsonNode document;

  private record Operation(String method, String path, JsonNode description) {
    boolean takesBody() {
      return description.has("requestBody");
    }

    Stream<JsonNode> parameters(String in) {
      return stream(description.path("parameters"))
          .filter(one -> one.path("in").asText().equals(in));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
      var all = new ArrayList<JsonNode>();
      array.forEach(all::add);
      return all.stream();
    }
  }

  @BeforeEach
  void read() throws IOException {
    document =
        new ObjectMapper()
            .readTree(call().accept("application/json").get("/q/openapi?format=json").asString());
  }

  @Test
  void each_operation_documents_each_status_that_it_gives_and_the_type_of_its_body() {
    // Given
    var softly = new SoftAssertions();
    for (Operation operation : operations()) {

      // When
      for (Response answer : answers(operation)) {
        String what = operation.method() + " " + operation.path() + " → " + answer.statusCode();

        // Then
        JsonNode documented = operation.description().at("/responses/" + answer.statusCode());
        softly.assertThat(documented.isMissingNode()).as(what).isFalse();
        boolean hasBody = !answer.asString().isEmpty();
        if (hasBody) {
          String type = answer.contentType().split(";")[0];
          softly.assertThat(documented.path("content").has(type)).as(what + " " + type).isTrue();
        } else if (answer.statusCode() != 200) { // there may be no results yet
          softly.assertThat(documented.has("content")).as(what + " empty").isFalse();
        }
        if (answer.statusCode() >= 400) {
          softly.assertThat(answer.contentType()).as(what).startsWith(Problem.MEDIA_TYPE);
        }
      }
    }
    softly.assertAll();
  }

  @Test
  void each_status_of_an_error_is_documented_as_a_problem() {
    for (Operation operation : operations()) {
      operation
          .description()
          .path("responses")
          .properties()
          .forEach(response -> {
            if (Integer.parseInt(response.getKey()) >= 400) {
              assertThat(
                      response
                          .getValue()
                          .path("content")
                          .path(Problem.MEDIA_TYPE)
                          .at("/schema/$ref")
                          .asText())
                  .as("%s %s %s", operation.method(), operation.path(), response.getKey())
                  .isEqualTo("#/components/schemas/Problem");
            }
          });
    }
    assertThat(document.at("/components/schemas/Problem/properties/errors_total").isMissingNode())
        .isFalse();
  }

  @Test
  void each_documented_range_is_the_one_that_is_kept() {
    // Given
    String name = Http.open();
    int ranges = 0;
    for (Operation operation : operations()) {
      for (JsonNode parameter : operation.parameters("query").toList()) {
        for (String bound : List.of("minimum", "maximum")) {
          JsonNode limit = parameter.path("schema").path(bound);
          if (limit.isMissingNode() || !operation.method().equals("GET")) {
            continue;
          }
          ranges++;
          long beyond = limit.asLong() + (bound.equals("minimum") ? -1 : 1);

          // When
          Response response =
              call()
                  .accept("*/*")
                  .get(
                      "%s?%s=%d"
                          .formatted(
                              path(operation, name), parameter.path("name").asText(), beyond));

          // Then
          assertThat(response.statusCode()).as(operation.path() + " " + beyond).isEqualTo(422);
        }
      }
    }
    assertThat(ranges).isGreaterThan(9);
  }

  @Test
  void each_path_names_its_methods() {
    document
        .path("paths")
        .properties()
        .forEach(path -> {
          // Given
          var documented = new TreeSet<String>();
          path.getValue()
              .fieldNames()
              .forEachRemaining(name -> documented.add(name.toUpperCase(Locale.ROOT)));
          var allowed = new TreeSet<>(documented);
          if (documented.contains("GET")) {
            allowed.add("HEAD");
          }
          allowed.add("OPTIONS");
          String url = path.getKey().replaceAll("\\{[^}]+}", "x");

          // When
          Response options = call().options(url);

          // Then
          assertThat(options.statusCode()).isEqualTo(204);
          assertThat(options.header("Allow")).as(url).isEqualTo(String.join(", ", allowed));
          METHODS.stream()
              .filter(method -> !documented.contains(method))
              .forEach(method -> {
                Response refused = call().request(method, url);
                assertThat(refused.statusCode()).as(method + " " + url).isEqualTo(405);
                assertThat(refused.header("Allow")).isEqualTo(options.header("Allow"));
              });
        });
    assertThat(call().options("/v1/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void a_head_is_answered_as_the_get_without_its_body() {
    // Given
    String name = Http.open();
    for (Operation operation : operations()) {
      if (operation.method().equals("GET") && !operation.path().endsWith("/files")) {
        // When
        Response get = call().get(path(operation, name));
        Response head = call().head(path(operation, name));

        // Then
        assertThat(head.statusCode()).as(operation.path()).isEqualTo(get.statusCode());
        assertThat(head.asString()).isEmpty();
      }
    }
  }

  private List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation ->
                    operations.add(
                        new Operation(
                            operation.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            operation.getValue()))));
    assertThat(operations).hasSizeGreaterThan(20);
    return operations;
  }

  /// Made for the one call, since some calls end it.
  private static String task() {
    String name = Http.open();
    Http.expect(Http.lines("/v1/tasks/" + name + "/requests", Http.LINE), 200);
    return name;
  }

  private static String path(Operation operation, String name) {
    return operation
        .path()
        .replace("{name}", name)
        .replace("{provider}", "nowhere")
        .replace("{id}", "x");
  }

  private static List<Response> answers(Operation operation) {
    String unknown = path(operation, "no-such-task");
    var answers = new ArrayList<Response>();
    for (String path :
        Stream.of(
                path(operation, task()),
                path(operation, Http.running()).replace("nowhere/files", "none/files"),
                path(operation, cancelled()).replace("nowhere/files", "none/files"),
                unknown.replace("nowhere", "none"),
                operation.path().replaceAll("\\{[^}]+}", "a;b"))
            .distinct()
            .toList()) {
      answers.add(body(operation, call()).request(operation.method(), query(operation, path)));
    }
    // The provider is away, and calls that need it try more than once.
    String path = path(operation, task()).replace("nowhere/files", "none/files");
    answers.add(body(operation, call()).header("Host", "x y").request(operation.method(), path));
    answers.add(
        body(operation, call()).header("Host", "evil.example").request(operation.method(), path));
    answers.add(
        body(operation, call())
            .header("Sec-Fetch-Site", "cross-site")
            .request(operation.method(), query(operation, path)));
    answers.add(body(operation, call()).accept("image/png").request(operation.method(), path));
    answers.add(
        call()
            .contentType("text/plain")
            .body("x".getBytes(UTF_8))
            .request(operation.method(), path));
    answers.add(
        call()
            .contentType("application/json")
            .body("{".getBytes(UTF_8))
            .request(operation.method(), path));
    answers.add(body(operation, call()).request(operation.method(), path + "?limit=0&x=y"));
    answers.add(
        body(operation, call()).request(operation.method(), path + "?x=" + "y".repeat(9_000)));
    answers.add(
        body(operation, call())
            .header("X-Long", "y".repeat(20_480))
            .request(operation.method(), path));
    answers.add(
        body(operation, call())
            .header("Idempotency-Key", "no key")
            .request(operation.method(), path));
    if (operation.takesBody()) {
      answers.add(
          call()
              .contentType("application/json")
              .body(" ".repeat(WithoutPipeline.MAX_BODY + 1).getBytes(UTF_8))
              .request(operation.method(), path));
    }
    return answers;
  }

  private static String cancelled() {
    String name = task();
    Http.expect(Http.post("/v1/tasks/" + name + "/cancel"), 202);
    return name;
  }

  private static String query(Operation operation, String path) {
    return operation.method().equals("DELETE") && path.endsWith("/files")
        ? path + "?older_than_days=0&confirm=true"
        : operation.method().equals("POST") && path.equals("/v1/tasks")
            ? path + "?name=" + freshName()
            : path;
  }

  private static RequestSpecification body(Operation operation, RequestSpecification call) {
    if (!operation.takesBody()) {
      return call;
    }
    if (operation.path().endsWith("/secret")) {
      return call.contentType("application/json").body("{\"secret\":\"x\"}".getBytes(UTF_8));
    }
    return operation.path().endsWith("/webhook")
        ? call.contentType("application/json").body(UNSIGNED.getBytes(UTF_8))
        : call.contentType(Http.NDJSON).body(Http.LINE.getBytes(UTF_8));
  }
}
