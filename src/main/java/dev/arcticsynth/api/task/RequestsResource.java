package dev.arcticsynth.api.task;

import dev.arcticsynth.api.http.JsonRequests;
import dev.arcticsynth.api.http.RequestBodies;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.api.idempotency.Fingerprint;
import dev.arcticsynth.api.idempotency.Idempotency;
import dev.arcticsynth.pipeline.ingest.Ingest;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskActions;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.payload.IngestedRequests;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestPath;

/// The requests of a task that is not sealed yet.
@Path("/v1/tasks/{name}/requests")
@Produces(MediaType.APPLICATION_JSON)
@SuppressWarnings("NullAway.Init") // the framework injects the field
public class RequestsResource {

  private final TaskRepository tasks;
  private final TaskActions actions;
  private final Ingest ingest;
  private final RequestBodies bodies;
  private final CreateTaskValidator validator;
  private final Idempotency idempotency;

  @Context HttpServerRequest request;

  RequestsResource(
      TaskRepository tasks,
      TaskActions actions,
      Ingest ingest,
      RequestBodies bodies,
      CreateTaskValidator validator,
      Idempotency idempotency) {
    this.tasks = tasks;
    this.actions = actions;
    this.ingest = ingest;
    this.bodies = bodies;
    this.validator = validator;
    this.idempotency = idempotency;
  }

  @POST
  @Consumes(CreateTaskResource.NDJSON)
  @Operation(summary = "Append requests, one JSON line each; all of them or none")
  @RequestBody(
      content =
          @Content(
              mediaType = CreateTaskResource.NDJSON,
              schema = @Schema(type = SchemaType.STRING)))
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Appended.class)))
  public Uni<Response> appendLines(@RestPath String name) {
    return append(name, () -> bodies.lines(request));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Append requests: a JSON array, or one alone")
  @APIResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Appended.class)))
  public Uni<Response> appendJson(@RestPath String name) {
    return bodies.json(
        request,
        body -> {
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
        call ->
            tasks
                .get(TaskOwner.NAME, name)
                .invoke(Task::requireOpen)
                .chain(task ->
                    tasks
                        .defaults(task.id())
                        .map(defaults -> validator.defaults(task, defaults))
                        .chain(defaults ->
                            ingest.store(
                                call.lines(),
                                task.id(),
                                name,
                                defaults,
                                ingestedRequests ->
                                    call.commit(() -> append(name, ingestedRequests))))));
  }

  private Uni<Response> append(String name, IngestedRequests ingestedRequests) {
    return actions
        .append(TaskOwner.NAME, name, ingestedRequests)
        .map(after ->
            Response.ok(new Appended(ingestedRequests.requests(), after.requests())).build());
  }

  /// What an append answers.
  public record Appended(long accepted, long total) {}
}
