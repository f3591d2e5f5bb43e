package dev.arcticsynth.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskEvent;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;

/// What happened to a task, as a list or live.
@Path("/v1/tasks/{name}/events")
public class EventsResource {

  private static final int MOST_AT_ONCE = 500;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final TaskRepository tasks;
  private final ObjectMapper json;

  EventsResource(TaskRepository tasks, ObjectMapper json) {
    this.tasks = tasks;
    this.json = json;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "The history: who did what, when")
  public Uni<Page<EventView>> list(
      @RestPath String name,
      @QueryParam("limit") @DefaultValue("100") int limit,
      @QueryParam("after") @DefaultValue("0") long after) {
    int size = Limits.page(limit);
    return tasks
        .get(Owner.NAME, name)
        .chain(task -> tasks.events(task.id(), after, size + 1))
        .map(found -> {
          var shown = found.stream().limit(size).map(TaskViews::view).toList();
          boolean more = found.size() > size;
          return new Page<>(shown, more, more ? String.valueOf(shown.getLast().id()) : null);
        });
  }

  /// Server-sent events: the history so far, then what happens, until the task is over. A reader
  /// that was cut off says `Last-Event-ID` and misses nothing.
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "The history, live")
  public Multi<OutboundSseEvent> live(
      @RestPath String name,
      @HeaderParam("Last-Event-ID") @DefaultValue("0") long last,
      @Context Sse sse) {
    var seen = new AtomicLong(last);
    return Multi.createBy()
        .repeating()
        .uni(() -> look(name, seen))
        .withDelay(LOOK_EVERY)
        .whilst(look -> !look.isLast())
        .onItem()
        .transformToMultiAndConcatenate(look -> Multi.createFrom().iterable(look.events()))
        .map(event -> event(sse, TaskViews.view(event)));
  }

  /// The task is read before its events: when it is over by then, the events that follow are the
  /// last.
  private Uni<Look> look(String name, AtomicLong seen) {
    return tasks
        .get(Owner.NAME, name)
        .chain(task ->
            tasks
                .events(task.id(), seen.get(), MOST_AT_ONCE)
                .invoke(events -> events.forEach(event -> seen.set(event.id())))
                .map(events -> new Look(task, events)));
  }

  private OutboundSseEvent event(Sse sse, EventView event) {
    try {
      return sse.newEventBuilder()
          .id(String.valueOf(event.id()))
          .name(event.event())
          .data(json.writeValueAsString(event))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Records can always be written", e);
    }
  }

  private record Look(Task task, List<TaskEvent> events) {
    boolean isLast() {
      return task.state().isTerminal() && events.size() < MOST_AT_ONCE;
    }
  }
}
