package dev.arcticsynth.api.callback;

import dev.arcticsynth.api.http.ParameterParser;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.api.model.CallbackView;
import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.callback.delivery.Delivery;
import dev.arcticsynth.callback.delivery.DeliveryAttempt;
import dev.arcticsynth.callback.delivery.DeliveryRepository;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;

/// A task's webhook deliveries and their outcomes.
@Path("/v1/tasks/{name}/callbacks")
@Produces(MediaType.APPLICATION_JSON)
public class CallbacksResource {

  private final TaskRepository tasks;
  private final DeliveryRepository deliveries;

  CallbacksResource(TaskRepository tasks, DeliveryRepository deliveries) {
    this.tasks = tasks;
    this.deliveries = deliveries;
  }

  @GET
  @Operation(summary = "Deliveries of a task's callback and their attempts, the oldest first")
  public Uni<Page<CallbackView>> list(
      @RestPath String name,
      @QueryParam("limit") @DefaultValue("50") int limit,
      @QueryParam("after") @DefaultValue("0") int after) {
    int size = ParameterParser.page(limit);
    return tasks
        .get(TaskOwner.NAME, name)
        .chain(task -> deliveries.ofTask(task.id(), after, size + 1))
        .chain(found ->
            Multi.createFrom()
                .iterable(found.subList(0, Math.min(size, found.size())))
                .onItem()
                .transformToUniAndConcatenate(this::view)
                .collect()
                .asList()
                .map(shown -> {
                  boolean more = found.size() > size;
                  return new Page<>(shown, more, more ? String.valueOf(shown.getLast().n()) : null);
                }));
  }

  @POST
  @Path("{id}/redeliver")
  @Operation(summary = "Redeliver, under the same webhook id, whatever the state of the delivery")
  public Uni<Response> redeliver(@RestPath String name, @RestPath String id) {
    return tasks
        .get(TaskOwner.NAME, name)
        .chain(task -> deliveries.redeliver(task.id(), id))
        .map(found -> found.orElseThrow(() -> NoSuchCallbackException.delivery(name, id)))
        .chain(this::view)
        .map(view -> Response.accepted(view).build());
  }

  private Uni<CallbackView> view(Delivery delivery) {
    return deliveries.attempts(delivery.id()).map(attempts -> view(delivery, attempts));
  }

  private static CallbackView view(Delivery delivery, List<DeliveryAttempt> attempts) {
    return new CallbackView(
        delivery.webhookId(),
        delivery.ending(),
        delivery.event(),
        delivery.url(),
        lower(delivery.state()),
        delivery.createdAt(),
        delivery.dueAt().orElse(null),
        delivery.endedAt().orElse(null),
        attempts.stream().map(CallbacksResource::view).toList());
  }

  private static CallbackView.Attempt view(DeliveryAttempt attempt) {
    return new CallbackView.Attempt(
        attempt.n(),
        attempt.at(),
        attempt.latency().toMillis(),
        attempt.status().isPresent() ? attempt.status().getAsInt() : null,
        attempt.trouble().map(CallbacksResource::lower).orElse(null),
        attempt.answer().orElse(null));
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
