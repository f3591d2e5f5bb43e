package dev.arcticsynth.api.task;

import dev.arcticsynth.api.http.Compression;
import dev.arcticsynth.api.http.InvalidRequestException;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.pipeline.results.ResultReader;
import dev.arcticsynth.pipeline.results.ResultsQuery;
import dev.arcticsynth.pipeline.results.ResultsQuery.Kind;
import dev.arcticsynth.pipeline.results.ResultsQuery.View;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.util.EnumSet;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// Results: one line a request, in input order, streamed.
@Path("/v1/tasks/{name}/results")
public class ResultsResource {

  private static final Logger LOG = Logger.getLogger(ResultsResource.class);

  private final TaskRepository tasks;
  private final ResultReader resultReader;
  private final Vertx vertx;

  ResultsResource(TaskRepository tasks, ResultReader resultReader, Vertx vertx) {
    this.tasks = tasks;
    this.resultReader = resultReader;
    this.vertx = vertx;
  }

  /// Written to the connection by ourselves: the framework's own NDJSON streams put a line end
  /// behind each item, into the middle of what is compressed.
  @GET
  @Produces(CreateTaskResource.NDJSON)
  @Operation(summary = "The lines known so far; X-Arctic-Complete tells whether these are all")
  public Uni<Void> results(
      @RestPath String name,
      @QueryParam("view") @DefaultValue("output") String view,
      @QueryParam("outcome") @DefaultValue("") String outcome,
      @QueryParam("from") @DefaultValue("0") long from,
      @QueryParam("partition") @Nullable Integer partition,
      @HeaderParam("Accept-Encoding") @DefaultValue("") String accepted,
      @Context HttpServerResponse response) {
    var query =
        new ResultsQuery(viewOf(view), kindsOf(outcome), fromOf(from), ordinalOf(partition));
    Compression compression = Compression.of(accepted);
    return tasks
        .get(TaskOwner.NAME, name)
        .chain(task -> {
          head(response, task, compression);
          return new io.vertx.mutiny.core.http.HttpServerResponse(response)
              .send(
                  compression
                      .apply(resultReader.lines(task, query), vertx)
                      .filter(bytes -> bytes.length > 0)
                      .map(Buffer::buffer));
        })
        // The head is sent: aborting the connection is the only way left to report a failure.
        .onFailure(failure -> response.headWritten())
        .invoke(failure -> cutOff(name, failure, response));
  }

  private static void head(HttpServerResponse response, Task task, Compression compression) {
    response
        .setChunked(true)
        .putHeader("Content-Type", CreateTaskResource.NDJSON)
        .putHeader("X-Arctic-Complete", String.valueOf(task.state().isTerminal()))
        .putHeader("Vary", "Accept-Encoding");
    compression.encoding().ifPresent(coding -> response.putHeader("Content-Encoding", coding));
  }

  private static void cutOff(String name, Throwable failure, HttpServerResponse response) {
    LOG.errorf(failure, "Sending results failed: task=%s", name);
    response.reset();
  }

  private static View viewOf(String view) {
    return switch (view) {
      case "output" -> View.OUTPUT;
      case "messages" -> View.MESSAGES;
      default ->
          throw new InvalidRequestException("view", "unknown_view", "view is output or messages.");
    };
  }

  private static Set<Kind> kindsOf(String outcome) {
    var kinds = EnumSet.noneOf(Kind.class);
    for (String word : outcome.split(",")) {
      switch (word.strip().toLowerCase(Locale.ROOT)) {
        case "" -> {}
        case "succeeded" -> kinds.add(Kind.SUCCEEDED);
        case "failed" -> kinds.add(Kind.FAILED);
        case "cancelled" -> kinds.add(Kind.CANCELLED);
        default ->
            throw new InvalidRequestException(
                "outcome",
                "unknown_outcome",
                "outcome is succeeded, failed or cancelled, or several with commas.");
      }
    }
    return kinds;
  }

  private static OptionalInt ordinalOf(@Nullable Integer partition) {
    if (partition != null && partition < 0) {
      throw new InvalidRequestException("partition", "out_of_range", "partition is at least 0.");
    }
    return partition == null ? OptionalInt.empty() : OptionalInt.of(partition);
  }

  private static long fromOf(long from) {
    if (from < 0) {
      throw new InvalidRequestException("from", "out_of_range", "from is at least 0.");
    }
    return from;
  }
}
