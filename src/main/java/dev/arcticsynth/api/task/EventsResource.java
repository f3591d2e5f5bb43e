package dev.arcticsynth.api.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.api.http.ParameterParser;
import dev.arcticsynth.api.http.SharedPoll;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.api.model.EventView;
import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.pipeline.IsolatedContexts;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskEvent;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;

/// A task's history, as a list or as a live stream.
@Path("/v1/tasks/{name}/events")
public class EventsResource {

  private static final int MOST_AT_ONCE = 500;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final TaskRepository tasks;
  private final ObjectMapper json;
  private final SharedPoll<Position, Look> poll;
  private final SharedPoll<Position, Look> history;

  EventsResource(TaskRepository tasks, IsolatedContexts isolatedContexts, ObjectMapper json) {
    this.tasks = tasks;
    this.json = json;
    this.poll = new SharedPoll<>(isolatedContexts::runForListeners, LOOK_EVERY, this::look);
    this.history = new SharedPoll<>(isolatedContexts::runForListeners, Duration.ZERO, this::look);
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "The history: who did what, when")
  public Uni<Page<EventView>> list(
      @RestPath String name,
      @QueryParam("limit") @DefaultValue("100") int limit,
      @QueryParam("after") @DefaultValue("0") long after) {
    int size = ParameterParser.page(limit);
    return tasks
        .get(TaskOwner.NAME, name)
        .chain(task -> tasks.events(task.id(), after, size + 1))
        .map(found -> {
          var shown = found.stream().limit(size).map(TaskViewMapper::view).toList();
          boolean more = found.size() > size;
          return new Page<>(shown, more, more ? String.valueOf(shown.getLast().id()) : null);
        });
  }

  /// Server-sent events: the history so far, then new events, until the task is over. A client that
  /// reconnects with `Last-Event-ID` misses nothing.
  ///
  /// Written to the connection by ourselves: the framework sends the head before it asks for the
  /// first event, and then it is too late for a 404.
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "The history, live")
  public Uni<Void> live(
      @RestPath String name,
      @HeaderParam("Last-Event-ID") @DefaultValue("0") long last,
      @Context HttpServerResponse response) {
    return tasks
        .get(TaskOwner.NAME, name)
        .chain(task -> {
          response.setChunked(true).putHeader("Content-Type", MediaType.SERVER_SENT_EVENTS);
          return new io.vertx.mutiny.core.http.HttpServerResponse(response)
              .send(events(name, last, response));
        })
        // The head is sent; the client reconnects with the last event that it saw.
        .onFailure(failure -> response.headWritten())
        .recoverWithUni(failure -> {
          response.reset();
          return Uni.createFrom().voidItem();
        });
  }

  private Multi<Buffer> events(String name, long last, HttpServerResponse response) {
    var reader = new Reader(name, last);
    return Multi.createBy()
        .repeating()
        .uni(reader::next)
        // The framework does not end the stream of a closed connection.
        .whilst(look -> !look.isLast() && !response.closed())
        .onItem()
        .transformToMultiAndConcatenate(look -> Multi.createFrom().iterable(look.events()))
        .map(event -> sse(TaskViewMapper.view(event)));
  }

  /// The task is read before its events: when it is over by then, the events that follow are the
  /// last.
  private Uni<Look> look(Position position) {
    return tasks
        .get(TaskOwner.NAME, position.task())
        .chain(task ->
            tasks
                .events(task.id(), position.seen(), MOST_AT_ONCE)
                .map(events -> new Look(task, events)));
  }

  /// How many polls for readers are due or in flight.
  int polls() {
    return poll.size() + history.size();
  }

  private Buffer sse(EventView event) {
    try {
      return Buffer.buffer(
          "id: %d\nevent: %s\ndata: %s\n\n"
              .formatted(event.id(), event.event(), json.writeValueAsString(event)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Records can always be written", e);
    }
  }

  /// The position of a reader. Readers that are up to date have the same position, and share a
  /// poll.
  private record Position(String task, long seen) {}

  private record Look(Task task, List<TaskEvent> events) {
    boolean isFull() {
      return events.size() == MOST_AT_ONCE;
    }

    boolean isLast() {
      return task.state().isTerminal() && !isFull();
    }
  }

  /// Past events are read at once, new ones are polled for; both together with those who have seen
  /// the same.
  private final class Reader {
    private Position position;
    private boolean isBehind = true;

    Reader(String task, long seen) {
      this.position = new Position(task, seen);
    }

    Uni<Look> next() {
      return (isBehind ? history : poll).next(position).invoke(this::advance);
    }

    private void advance(Look look) {
      isBehind = look.isFull();
      if (!look.events().isEmpty()) {
        position = new Position(position.task(), look.events().getLast().id());
      }
    }
  }
}
