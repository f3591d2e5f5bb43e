package dev.arcticsynth.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.Ingest;
import dev.arcticsynth.pipeline.IngestConfig;
import dev.arcticsynth.pipeline.RemoteRemains;
import dev.arcticsynth.pipeline.Unicode;
import dev.arcticsynth.task.Append;
import dev.arcticsynth.task.NewTask;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskActions;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// Tasks: hand over, look, forget.
@Path("/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@SuppressWarnings("NullAway.Init") // the framework injects the field
public class TaskResource {

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

  private final TaskRepository tasks;
  private final TaskActions actions;
  private final PartitionRepository partitions;
  private final Ingest ingest;
  private final IngestConfig limits;
  private final NewTasks newTasks;
  private final TaskViews views;
  private final RemoteRemains remains;
  private final BlobStore blobs;
  private final Idempotency idempotency;
  private final ObjectMapper json;

  @Context HttpServerRequest request;

  TaskResource(
      TaskRepository tasks,
      TaskActions actions,
      PartitionRepository partitions,
      Ingest ingest,
      IngestConfig limits,
      NewTasks newTasks,
      TaskViews views,
      RemoteRemains remains,
      BlobStore blobs,
      Idempotency idempotency,
      ObjectMapper json) {
    this.tasks = tasks;
    this.actions = actions;
    this.partitions = partitions;
    this.ingest = ingest;
    this.limits = limits;
    this.newTasks = newTasks;
    this.views = views;
    this.remains = remains;
    this.blobs = blobs;
    this.idempotency = idempotency;
    this.json =
        json.copy()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Make a task, with its requests or without")
  @RequestBody(content = @Content(schema = @Schema(implementation = CreateTask.class)))
  public Uni<Response> create() {
    return BodyOf.whole(request, limits.maxJsonBytes()).chain(this::createFrom);
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
          () -> Multi.createFrom().optional(parts.requests()),
          once -> createFrom(parts, once));
    } catch (IOException e) {
      return Uni.createFrom().failure(e);
    }
  }

  private Uni<Response> createFrom(JsonRequests.Parts parts, Once once) {
    try {
      var wish = newTasks.check(json.readValue(parts.task(), CreateTask.class));
      return parts.requests().isEmpty()
          ? once.commit(() -> actions.create(wish).chain(task -> views.answer(201, task)))
          : createWith(wish, once, wish.auto() ? 202 : 201);
    } catch (IOException e) {
      return Uni.createFrom().failure(e);
    }
  }

  private static void requireText(byte[] body) {
    Unicode.problem(body, 0, body.length)
        .ifPresent(problem -> {
          throw new BadRequest("", "invalid_text", "The body is not text: " + problem + ".");
        });
  }

  @POST
  @Consumes(NDJSON)
  @Operation(
      summary = "Submit and forget: a task and all its requests in one call, one JSON line each")
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
    var said =
        new CreateTask(
            name,
            provider,
            model,
            endpoint,
            null,
            batchSize,
            maxFileBytes,
            Limits.yesOrNo("auto", auto),
            maxAttempts,
            deadline,
            QueryMetadata.of(request),
            null,
            callback(callbackUrl, callbackSecret));
    return idempotency.once(
        request,
        TASKS,
        new Fingerprint(request),
        () -> BodyOf.stream(request, limits.maxBytes()),
        once -> {
          QueryMetadata.requireKnown(request, CREATE_PARAMETERS);
          var wish = newTasks.check(said);
          // Before a long upload, not after it; the database has the last word all the same.
          return actions.requireFree(wish).chain(() -> createWith(wish, once, 202));
        });
  }

  /// The secret is a header, since urls are written into logs.
  private static CreateTask.@Nullable Callback callback(
      @Nullable String url, @Nullable String secret) {
    if (url == null && secret != null) {
      throw new BadRequest(
          CALLBACK_SECRET, "missing_url", "A callback's secret is of no use without callback_url.");
    }
    return url == null ? null : new CreateTask.Callback(url, secret);
  }

  private Uni<Response> createWith(NewTask wish, Once once, int status) {
    return ingest.store(
        once.lines(),
        UUID.randomUUID(),
        wish.name(),
        newTasks.defaults(wish),
        append ->
            once.commit(() ->
                actions
                    .create(wish, append, wish.auto())
                    .chain(task -> views.answer(status, task))));
  }

  @POST
  @Path("{name}/requests")
  @Consumes(NDJSON)
  @Operation(summary = "Append requests, one JSON line each; all of them or none")
  @RequestBody(content = @Content(mediaType = NDJSON, schema = @Schema(type = SchemaType.STRING)))
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Appended.class)))
  public Uni<Response> appendLines(@RestPath String name) {
    return append(name, () -> BodyOf.stream(request, limits.maxBytes()));
  }

  @POST
  @Path("{name}/requests")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Append requests: a JSON array, or one alone")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Appended.class)))
  public Uni<Response> appendJson(@RestPath String name) {
    return BodyOf.whole(request, limits.maxJsonBytes())
        .chain(body -> {
          try {
            Multi<Buffer> lines = new JsonRequests(body).lines();
            return append(name, () -> lines);
          } catch (IOException e) {
            return Uni.createFrom().failure(e);
          }
        });
  }

  private Uni<Response> append(String name, Supplier<Multi<Buffer>> lines) {
    return idempotency.once(
        request,
        "/v1/tasks/{name}/requests",
        new Fingerprint(request),
        lines,
        once ->
            tasks
                .get(Owner.NAME, name)
                .invoke(Task::requireOpen)
                .chain(task ->
                    ingest.store(
                        once.lines(),
                        task.id(),
                        name,
                        newTasks.defaults(task),
                        append -> once.commit(() -> append(name, append)))));
  }

  private Uni<Response> append(String name, Append append) {
    return actions
        .append(Owner.NAME, name, append)
        .map(after -> Response.ok(new Appended(append.requests(), after.requests())).build());
  }

  /// What an append answers.
  public record Appended(long accepted, long total) {}

  @DELETE
  @Path("{name}")
  @Operation(summary = "Forget a task that is over, its remote files included")
  public Uni<Response> delete(@RestPath String name) {
    return tasks
        .get(Owner.NAME, name)
        .invoke(Task::requireOver)
        .call(task -> remains.delete(task.id()))
        .chain(() -> actions.delete(Owner.NAME, name))
        .chain(blobs::delete)
        // A caller who goes away must not stop it half way, with blobs that nobody knows.
        .memoize()
        .indefinitely()
        .map(done -> Response.noContent().build());
  }

  @GET
  @Operation(summary = "Tasks, the newest first")
  public Uni<Page<TaskView>> list(
      @QueryParam("limit") @DefaultValue("50") int limit,
      @QueryParam("after") @Nullable String after) {
    int size = Limits.page(limit);
    return (after == null
            ? Uni.createFrom().item(Optional.<Task>empty())
            : tasks.get(Owner.NAME, after).map(Optional::of))
        .chain(last -> tasks.page(Owner.NAME, last, size + 1))
        .chain(found ->
            Multi.createFrom()
                .iterable(found.subList(0, Math.min(size, found.size())))
                .onItem()
                .transformToUniAndConcatenate(views::view)
                .collect()
                .asList()
                .map(shown ->
                    new Page<>(
                        shown,
                        found.size() > size,
                        found.size() > size ? shown.getLast().name() : null)));
  }

  @GET
  @Path("{name}")
  @Operation(
      summary = "A task; with wait=30s the answer is held until the task is over or the time is")
  public Uni<TaskView> get(@RestPath String name, @QueryParam("wait") @Nullable String wait) {
    return Waiting.until(() -> tasks.get(Owner.NAME, name), Limits.wait(wait)).chain(views::view);
  }

  @GET
  @Path("{name}/partitions")
  @Operation(summary = "The partitions of a task and their newest attempts")
  public Uni<Page<PartitionView>> partitions(
      @RestPath String name,
      @QueryParam("limit") @DefaultValue("100") int limit,
      @QueryParam("after") @DefaultValue("-1") int after) {
    int size = Limits.page(limit);
    return tasks
        .get(Owner.NAME, name)
        .chain(task -> partitions.ofTask(task.id(), after, size + 1))
        .map(found -> {
          List<PartitionView> shown = found.stream().limit(size).map(TaskViews::view).toList();
          boolean more = found.size() > size;
          return new Page<>(shown, more, more ? String.valueOf(shown.getLast().ordinal()) : null);
        });
  }
}
