package dev.arcticsynth.api;

import dev.arcticsynth.pipeline.Merge;
import dev.arcticsynth.pipeline.ResultsQuery;
import dev.arcticsynth.pipeline.ResultsQuery.Kind;
import dev.arcticsynth.pipeline.ResultsQuery.View;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.core.Vertx;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestPath;

/// Results: one line a request, in input order, streamed.
@Path("/v1/tasks/{name}/results")
public class ResultsResource {

  private final TaskRepository tasks;
  private final Merge merge;
  private final Vertx vertx;

  ResultsResource(TaskRepository tasks, Merge merge, Vertx vertx) {
    this.tasks = tasks;
    this.merge = merge;
    this.vertx = vertx;
  }

  @GET
  @Produces(TaskResource.NDJSON)
  @Operation(summary = "The lines known so far; X-Arctic-Complete says whether that is all")
  public Multi<byte[]> results(
      @RestPath String name,
      @QueryParam("view") @DefaultValue("output") String view,
      @QueryParam("outcome") @DefaultValue("") String outcome,
      @QueryParam("from") @DefaultValue("0") long from,
      @HeaderParam("Accept-Encoding") @DefaultValue("") String accepted) {
    var query = new ResultsQuery(viewOf(view), kindsOf(outcome), fromOf(from));
    Compression compression = Compression.of(accepted);
    return RestMulti.fromUniResponse(
        tasks.get(Owner.NAME, name),
        task -> compression.apply(merge.lines(task, query), vertx),
        task -> headers(task, compression));
  }

  private static java.util.Map<String, java.util.List<String>> headers(
      Task task, Compression compression) {
    var headers = new java.util.HashMap<String, java.util.List<String>>();
    headers.put("X-Arctic-Complete", java.util.List.of(String.valueOf(task.state().isTerminal())));
    headers.put("Vary", java.util.List.of("Accept-Encoding"));
    compression
        .encoding()
        .ifPresent(name -> headers.put("Content-Encoding", java.util.List.of(name)));
    return headers;
  }

  private static View viewOf(String view) {
    return switch (view) {
      case "output" -> View.OUTPUT;
      case "messages" -> View.MESSAGES;
      default -> throw new BadRequest("view", "unknown_view", "view is output or messages.");
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
            throw new BadRequest(
                "outcome",
                "unknown_outcome",
                "outcome is succeeded, failed or cancelled, or several with commas.");
      }
    }
    return kinds;
  }

  private static long fromOf(long from) {
    if (from < 0) {
      throw new BadRequest("from", "out_of_range", "from is at least 0.");
    }
    return from;
  }
}
