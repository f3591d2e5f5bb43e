package dev.arcticsynth.api.task;

import dev.arcticsynth.api.http.ParameterParser;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.pipeline.account.RemoteCleanup;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskActions;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// Reads and deletes tasks.
@Path("/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
public class TaskResource {

  private final TaskRepository tasks;
  private final TaskActions actions;
  private final PartitionRepository partitions;
  private final TaskViewMapper views;
  private final LongPoll longPoll;
  private final RemoteCleanup remains;
  private final BlobStore blobs;

  TaskResource(
      TaskRepository tasks,
      TaskActions actions,
      PartitionRepository partitions,
      TaskViewMapper views,
      LongPoll longPoll,
      RemoteCleanup remains,
      BlobStore blobs) {
    this.tasks = tasks;
    this.actions = actions;
    this.partitions = partitions;
    this.views = views;
    this.longPoll = longPoll;
    this.remains = remains;
    this.blobs = blobs;
  }

  @DELETE
  @Path("{name}")
  @Operation(summary = "Delete a task that is over, its remote files included")
  public Uni<Response> delete(@RestPath String name) {
    return tasks
        .get(TaskOwner.NAME, name)
        .invoke(Task::requireOver)
        .call(task -> remains.delete(task.id()))
        .chain(() -> actions.delete(TaskOwner.NAME, name))
        .chain(blobs::delete)
        // A closed connection must not stop it half way and leave orphan blobs.
        .memoize()
        .indefinitely()
        .map(done -> Response.noContent().build());
  }

  @GET
  @Operation(summary = "Tasks, the newest first")
  public Uni<Page<TaskView>> list(
      @QueryParam("limit") @DefaultValue("50") int limit,
      @QueryParam("after") @Nullable String after) {
    int size = ParameterParser.page(limit);
    return (after == null
            ? Uni.createFrom().item(Optional.<Task>empty())
            : tasks.get(TaskOwner.NAME, after).map(Optional::of))
        .chain(last -> tasks.page(TaskOwner.NAME, last, size + 1))
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
      summary =
          "A task; with wait=30s the answer is held until the task is over or the time has passed")
  public Uni<TaskView> get(@RestPath String name, @QueryParam("wait") @Nullable String wait) {
    return longPoll.untilOver(name, ParameterParser.wait(wait)).chain(views::view);
  }

  @GET
  @Path("{name}/partitions")
  @Operation(summary = "The partitions of a task and their newest attempts")
  public Uni<Page<PartitionView>> partitions(
      @RestPath String name,
      @QueryParam("limit") @DefaultValue("100") int limit,
      @QueryParam("after") @DefaultValue("-1") int after) {
    int size = ParameterParser.page(limit);
    return tasks
        .get(TaskOwner.NAME, name)
        .chain(task -> partitions.ofTask(task.id(), after, size + 1))
        .map(found -> {
          List<PartitionView> shown = found.stream().limit(size).map(TaskViewMapper::view).toList();
          boolean more = found.size() > size;
          return new Page<>(shown, more, more ? String.valueOf(shown.getLast().ordinal()) : null);
        });
  }
}
