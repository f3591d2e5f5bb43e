package dev.arcticsynth.api;

import dev.arcticsynth.api.model.Problem;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.Parameter.In;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.jspecify.annotations.Nullable;

/// What the framework cannot see of the API, added to its OpenAPI document: the statuses that
/// operations have in common, problems, ranges of numbers, and responses that are written by hand.
/// `OpenApiTest` walks the document and compares.
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDocument implements OASFilter {

  private static final String NDJSON = "application/x-ndjson";
  private static final String TASK = "/v1/tasks/{name}";

  /// What any call may get, before or behind its operation.
  private static final Set<Integer> OF_ALL = Set.of(400, 413, 414, 415, 421, 431, 500, 501, 503);

  private static final Set<String> WITH_KEY =
      Set.of(
          "POST /v1/tasks",
          "POST " + TASK + "/requests",
          "POST " + TASK + "/submit",
          "POST " + TASK + "/upload",
          "POST " + TASK + "/refresh",
          "POST " + TASK + "/cancel",
          "POST " + TASK + "/retry");

  /// Statuses of success other than the one that the framework takes from the method's type.
  private static final Map<String, List<String>> SUCCESSES =
      Map.ofEntries(
          Map.entry("POST /v1/tasks", List.of("201 TaskView", "202 TaskView")),
          Map.entry("DELETE " + TASK, List.of("204")),
          Map.entry("POST " + TASK + "/submit", List.of("202 TaskView")),
          Map.entry("POST " + TASK + "/upload", List.of("202 TaskView")),
          Map.entry("POST " + TASK + "/refresh", List.of("200 TaskView")),
          Map.entry("POST " + TASK + "/cancel", List.of("202 TaskView")),
          Map.entry("POST " + TASK + "/retry", List.of("202 TaskView")),
          Map.entry("POST " + TASK + "/callbacks/{id}/redeliver", List.of("202 CallbackView")),
          Map.entry("POST /v1/providers/{provider}/webhook", List.of("204")));

  private static final Map<String, long[]> RANGES =
      Map.of(
          "limit", new long[] {1, 1000},
          "from", new long[] {0},
          "partition", new long[] {0},
          "batch_size", new long[] {1},
          "max_file_bytes", new long[] {1},
          "max_attempts", new long[] {1, 10});

  @Override
  public void filterOpenAPI(OpenAPI document) {
    document.getComponents().addSchema("Problem", problem());
    document
        .getPaths()
        .getPathItems()
        .forEach((path, item) ->
            item.getOperations().forEach((method, operation) -> complete(path, method, operation)));
  }

  private static void complete(String path, HttpMethod method, Operation operation) {
    String name = method + " " + path;
    if (WITH_KEY.contains(name)) {
      operation.addParameter(
          OASFactory.createParameter()
              .name("Idempotency-Key")
              .in(In.HEADER)
              .schema(OASFactory.createSchema().addType(SchemaType.STRING)));
    }
    parameters(operation).forEach(ApiDocument::addRange);
    addBodies(name, operation);
    var responses = operation.getResponses();
    addSuccesses(name, responses);
    statuses(path, method, operation)
        .forEach(status -> responses.addAPIResponse(String.valueOf(status), problem(status)));
  }

  private static List<Parameter> parameters(Operation operation) {
    return Optional.ofNullable(operation.getParameters()).orElse(List.of());
  }

  private static void addRange(Parameter parameter) {
    long[] range = RANGES.getOrDefault(parameter.getName(), new long[0]);
    if (range.length > 0) {
      parameter.getSchema().setMinimum(BigDecimal.valueOf(range[0]));
    }
    if (range.length > 1) {
      parameter.getSchema().setMaximum(BigDecimal.valueOf(range[1]));
    }
  }

  /// Bodies that two methods of a resource take, of which the framework keeps one.
  private static void addBodies(String name, Operation operation) {
    if (name.equals("POST " + TASK + "/requests")) {
      operation
          .getRequestBody()
          .getContent()
          .addMediaType(MediaType.APPLICATION_JSON, OASFactory.createMediaType());
    } else if (name.endsWith("/webhook")) {
      operation.setRequestBody(
          OASFactory.createRequestBody().content(content(MediaType.APPLICATION_JSON, null)));
    }
  }

  private static void addSuccesses(String name, APIResponses responses) {
    if (SUCCESSES.containsKey(name)) {
      Set.copyOf(responses.getAPIResponses().keySet()).forEach(responses::removeAPIResponse);
      for (String success : SUCCESSES.getOrDefault(name, List.of())) {
        String[] words = success.split(" ", 2);
        var response = OASFactory.createAPIResponse().description(phrase(words[0]));
        responses.addAPIResponse(
            words[0],
            words.length < 2
                ? response
                : response.content(content(MediaType.APPLICATION_JSON, words[1])));
      }
    } else if (name.equals("GET " + TASK + "/results")) {
      responses.removeAPIResponse("204");
      responses.addAPIResponse(
          "200", OASFactory.createAPIResponse().description("OK").content(content(NDJSON, null)));
    } else if (name.equals("GET " + TASK + "/events")) {
      responses.removeAPIResponse("204");
      responses
          .getAPIResponse("200")
          .getContent()
          .addMediaType(MediaType.SERVER_SENT_EVENTS, OASFactory.createMediaType());
    }
  }

  private static Set<Integer> statuses(String path, HttpMethod method, Operation operation) {
    var statuses = new TreeSet<>(OF_ALL);
    if (path.contains("{")) {
      statuses.add(404);
    }
    if (operation.getRequestBody() != null
        || parameters(operation).stream().anyMatch(parameter -> parameter.getIn() != In.PATH)) {
      statuses.add(422);
    }
    if (operation.getRequestBody() != null) {
      statuses.add(408);
    }
    if (!path.endsWith("/webhook") && !path.endsWith("/secret")) {
      statuses.add(406);
    }
    if (method != HttpMethod.GET) {
      statuses.addAll(Set.of(403, 507));
      statuses.addAll(path.startsWith("/v1/tasks") ? Set.of(409) : Set.of());
    }
    if (path.endsWith("/files")) {
      statuses.add(502);
    }
    if (path.endsWith("/webhook")) {
      statuses.add(401);
    }
    return statuses;
  }

  private static org.eclipse.microprofile.openapi.models.responses.APIResponse problem(int status) {
    return OASFactory.createAPIResponse()
        .description(phrase(String.valueOf(status)))
        .content(content(Problem.MEDIA_TYPE, "Problem"));
  }

  private static String phrase(String status) {
    return Optional.ofNullable(Status.fromStatusCode(Integer.parseInt(status)))
        .map(Status::getReasonPhrase)
        .orElse(status.equals("421") ? "Misdirected Request" : "Insufficient Storage");
  }

  private static Content content(String type, @Nullable String schema) {
    var media = OASFactory.createMediaType();
    return OASFactory.createContent()
        .addMediaType(
            type,
            schema == null
                ? media
                : media.schema(OASFactory.createSchema().ref("#/components/schemas/" + schema)));
  }

  private static Schema problem() {
    return object()
        .description("RFC 9457; docs/errors.md has the types")
        .addProperty("type", type(SchemaType.STRING))
        .addProperty("title", type(SchemaType.STRING))
        .addProperty("status", type(SchemaType.INTEGER))
        .addProperty("detail", type(SchemaType.STRING))
        .addProperty("instance", type(SchemaType.STRING))
        .addProperty(
            "errors",
            type(SchemaType.ARRAY)
                .items(
                    object()
                        .addProperty("line", type(SchemaType.INTEGER))
                        .addProperty("pointer", type(SchemaType.STRING))
                        .addProperty("code", type(SchemaType.STRING))
                        .addProperty("detail", type(SchemaType.STRING))))
        .addProperty("errors_total", type(SchemaType.INTEGER))
        .required(List.of("type", "title", "status", "detail"));
  }

  private static Schema object() {
    return type(SchemaType.OBJECT);
  }

  private static Schema type(SchemaType type) {
    return OASFactory.createSchema().addType(type);
  }
}
