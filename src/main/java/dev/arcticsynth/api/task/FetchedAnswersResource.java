package dev.arcticsynth.api.task;

import dev.arcticsynth.api.http.RequestBodies;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.pipeline.results.FetchedAnswers;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;

/// Files of answers that were fetched from the provider by other means. Nothing is stored.
@Path("/v1/tasks/{name}/answers")
@SuppressWarnings("NullAway.Init") // the framework injects the field
public class FetchedAnswersResource {

  private static final Logger LOG = Logger.getLogger(FetchedAnswersResource.class);

  private final TaskRepository tasks;
  private final FetchedAnswers fetchedAnswers;
  private final RequestBodies bodies;

  @Context HttpServerRequest request;

  FetchedAnswersResource(
      TaskRepository tasks, FetchedAnswers fetchedAnswers, RequestBodies bodies) {
    this.tasks = tasks;
    this.fetchedAnswers = fetchedAnswers;
    this.bodies = bodies;
  }

  @POST
  @Consumes(CreateTaskResource.NDJSON)
  @Produces(CreateTaskResource.NDJSON)
  @Operation(summary = "Turn a file of the provider's answers into results with the callers' ids")
  @RequestBody(
      content =
          @Content(
              mediaType = CreateTaskResource.NDJSON,
              schema = @Schema(type = SchemaType.STRING)))
  public Uni<Void> answers(@RestPath String name, @Context HttpServerResponse response) {
    return tasks
        .get(TaskOwner.NAME, name)
        .chain(task ->
            fetchedAnswers.read(task, bodies.lines(request), results -> send(results, response)))
        // The head is sent: aborting the connection is the only way left to report a failure.
        .onFailure(_ -> response.headWritten())
        .invoke(failure -> {
          LOG.errorf(failure, "Sending results of a fetched file failed: task=%s", name);
          response.reset();
        });
  }

  private static Uni<Void> send(FetchedAnswers.Results results, HttpServerResponse response) {
    response.setChunked(true).putHeader("Content-Type", CreateTaskResource.NDJSON);
    results.leftOut().ifPresent(counts -> response.putHeader("X-Arctic-Left-Out", counts));
    return new io.vertx.mutiny.core.http.HttpServerResponse(response)
        .send(results.lines().map(Buffer::buffer));
  }
}
