package dev.arcticsynth.api.task;

import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.api.idempotency.Fingerprint;
import dev.arcticsynth.api.idempotency.Idempotency;
import dev.arcticsynth.task.HoldPoint;
import dev.arcticsynth.task.TaskActions;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.Wakeups;
import dev.arcticsynth.task.quota.ProviderAccounts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;

/// Actions on an existing task. Each takes an `Idempotency-Key`.
@Path("/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
@SuppressWarnings("NullAway.Init") // the framework injects the field
public class TaskActionsResource {

  private final TaskRepository tasks;
  private final TaskActions actions;
  private final Wakeups wakeups;
  private final ProviderAccounts accounts;
  private final TaskViewMapper views;
  private final Idempotency idempotency;

  @Context HttpServerRequest request;

  TaskActionsResource(
      TaskRepository tasks,
      TaskActions actions,
      Wakeups wakeups,
      ProviderAccounts accounts,
      TaskViewMapper views,
      Idempotency idempotency) {
    this.tasks = tasks;
    this.actions = actions;
    this.wakeups = wakeups;
    this.accounts = accounts;
    this.views = views;
    this.idempotency = idempotency;
  }

  @POST
  @Path("{name}/submit")
  @Operation(summary = "Seal the task and run it, or release a hold")
  public Uni<Response> submit(@RestPath String name) {
    return idempotency.once(
        request,
        "/v1/tasks/{name}/submit",
        () ->
            actions
                .run(TaskOwner.NAME, name, HoldPoint.NONE)
                .chain(task -> views.answer(202, task)));
  }

  @POST
  @Path("{name}/upload")
  @Operation(summary = "Seal the task, upload its partitions, and hold before creating batches")
  public Uni<Response> upload(@RestPath String name) {
    return idempotency.once(
        request,
        "/v1/tasks/{name}/upload",
        () ->
            actions
                .run(TaskOwner.NAME, name, HoldPoint.SUBMIT)
                .chain(task -> views.answer(202, task)));
  }

  @POST
  @Path("{name}/refresh")
  @Operation(summary = "Poll the provider now instead of at the due time")
  public Uni<Response> refresh(@RestPath String name) {
    return idempotency.once(
        request,
        "/v1/tasks/{name}/refresh",
        new Fingerprint(request),
        Multi.createFrom()::empty,
        once ->
            tasks
                .get(TaskOwner.NAME, name)
                // Not in the transaction: partitions are locked before tasks and records.
                .call(task -> accounts.unpark(task.id()).chain(() -> wakeups.refresh(task.id())))
                .chain(task -> once.commit(() -> views.answer(200, task))));
  }

  @POST
  @Path("{name}/cancel")
  @Operation(summary = "Cancel; answers so far are kept")
  public Uni<Response> cancel(@RestPath String name) {
    return idempotency.once(
        request,
        "/v1/tasks/{name}/cancel",
        () -> actions.cancel(TaskOwner.NAME, name).chain(task -> views.answer(202, task)));
  }

  @POST
  @Path("{name}/retry")
  @Operation(summary = "Retry failed and cancelled requests, without a deadline")
  public Uni<Response> retry(@RestPath String name) {
    return idempotency.once(
        request,
        "/v1/tasks/{name}/retry",
        () -> actions.retry(TaskOwner.NAME, name).chain(task -> views.answer(202, task)));
  }
}
