package dev.arcticsynth.api.task;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.api.http.InvalidRequestException;
import dev.arcticsynth.api.http.JsonRequests;
import dev.arcticsynth.api.http.ParameterParser;
import dev.arcticsynth.api.http.QueryParameters;
import dev.arcticsynth.api.http.RequestBodies;
import dev.arcticsynth.api.http.StrictJson;
import dev.arcticsynth.api.idempotency.Fingerprint;
import dev.arcticsynth.api.idempotency.Idempotency;
import dev.arcticsynth.api.idempotency.IdempotentCall;
import dev.arcticsynth.api.model.CreateTask;
import dev.arcticsynth.pipeline.ingest.Ingest;
import dev.arcticsynth.pipeline.ingest.UnicodeCheck;
import dev.arcticsynth.task.NewTask;
import dev.arcticsynth.task.TaskActions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jspecify.annotations.Nullable;

/// Creates tasks.
@Path("/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@SuppressWarnings("NullAway.Init") // the framework injects the field
public class CreateTaskResource {

  private static final String TASKS = "/v1/tasks";

  static final String NDJSON = "application/x-ndjson";
  static final String CALLBACK_SECRET = "X-Arctic-Callback-Secret";

  private static final Set<String> CREATE_PARAMETERS =
      Set.of(
          "name",
          "provider",
          "model",
          "endpoint",
          "batch_size",
          "max_file_bytes",
          "max_attempts",
          "deadline",
          "auto",
          "callback_url");

  private final TaskActions actions;
  private final Ingest ingest;
  private final RequestBodies bodies;
  private final CreateTaskValidator validator;
  private final TaskViewMapper views;
  private final Idempotency idempotency;
  private final ObjectMapper json;

  @Context HttpServerRequest request;

  CreateTaskResource(
      TaskActions actions,
      Ingest ingest,
      RequestBodies bodies,
      CreateTaskValidator validator,
      TaskViewMapper views,
      Idempotency idempotency,
      ObjectMapper json) {
    this.actions = actions;
    this.ingest = ingest;
    this.bodies = bodies;
    this.validator = validator;
    this.views = views;
    this.idempotency = idempotency;
    this.json = StrictJson.of(json);
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Create a task, with its requests or without")
  @RequestBody(content = @Content(schema = @Schema(implementation = CreateTask.class)))
  public Uni<Response> create() {
    return bodies.json(request, this::createFrom);
  }

  private Uni<Response> createFrom(byte[] body) {
    try {
      var parts = new JsonRequests(body).parts();
      requireText(parts.task());
      var fingerprint = new Fingerprint(request);
      fingerprint.add(json.readTree(parts.task()));
      return idempotency.once(
          request,
          TASKS,
          fingerprint,
          () -> parts.requests().orElse(Multi.createFrom().empty()),
          call -> createFrom(parts, call));
    } catch (IOException e) {
      return Uni.createFrom().failure(e);
    }
  }

  private Uni<Response> createFrom(JsonRequests.Parts parts, IdempotentCall call) {
    try {
      var newTask = validator.check(json.readValue(parts.task(), CreateTask.class));
      return parts.requests().isEmpty()
          ? call.commit(() -> actions.create(newTask).chain(task -> views.answer(201, task)))
          : createWith(newTask, call, newTask.auto() ? 202 : 201);
    } catch (IOException e) {
      return Uni.createFrom().failure(e);
    }
  }

  private static void requireText(byte[] body) {
    UnicodeCheck.problem(body, 0, body.length)
        .ifPresent(problem -> {
          throw new InvalidRequestException(
              "", "invalid_text", "The body is not text: " + problem + ".");
        });
  }

  @POST
  @Consumes(NDJSON)
  @Operation(summary = "Submit: a task and all its requests in one call, one JSON line each")
  @RequestBody(content = @Content(mediaType = NDJSON, schema = @Schema(type = SchemaType.STRING)))
  public Uni<Response> submitLines(
      @QueryParam("name") @Nullable String name,
      @QueryParam("provider") @Nullable String provider,
      @QueryParam("model") @Nullable String model,
      @QueryParam("endpoint") @Nullable String endpoint,
      @QueryParam("batch_size") @Nullable Integer batchSize,
      @QueryParam("max_file_bytes") @Nullable Long maxFileBytes,
      @QueryParam("max_attempts") @Nullable Integer maxAttempts,
      @QueryParam("deadline") @Nullable String deadline,
      @Parameter(schema = @Schema(type = SchemaType.BOOLEAN)) @QueryParam("auto")
          @Nullable String auto,
      @QueryParam("callback_url") @Nullable String callbackUrl,
      @HeaderParam(CALLBACK_SECRET) @Nullable String callbackSecret) {
    var createTask =
        new CreateTask(
            name,
            provider,
            model,
            endpoint,
            null,
            batchSize,
            maxFileBytes,
            ParameterParser.yesOrNo("auto", auto),
            maxAttempts,
            deadline,
            QueryParameters.metadata(request),
            null,
            callback(callbackUrl, callbackSecret));
    return idempotency.once(
        request,
        TASKS,
        new Fingerprint(request),
        () -> bodies.lines(request),
        call -> {
          QueryParameters.requireKnownOrMetadata(request, CREATE_PARAMETERS);
          var newTask = validator.check(createTask);
          // Checked before a long upload; the constraint in the database decides.
          return actions.requireFree(newTask).chain(() -> createWith(newTask, call, 202));
        });
  }

  /// The secret is a header, since urls are written into logs.
  private static CreateTask.@Nullable Callback callback(
      @Nullable String url, @Nullable String secret) {
    if (url == null && secret != null) {
      throw new InvalidRequestException(
          CALLBACK_SECRET, "missing_url", "A callback's secret needs callback_url.");
    }
    return url == null ? null : new CreateTask.Callback(url, secret);
  }

  private Uni<Response> createWith(NewTask newTask, IdempotentCall call, int status) {
    return ingest.store(
        call.lines(),
        UUID.randomUUID(),
        newTask.name(),
        validator.defaults(newTask),
        ingestedRequests ->
            call.commit(() ->
                actions
                    .create(newTask, ingestedRequests, newTask.auto())
                    .chain(task -> views.answer(status, task))));
  }
}
