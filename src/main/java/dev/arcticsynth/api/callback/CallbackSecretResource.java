package dev.arcticsynth.api.callback;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.api.http.InvalidRequestException;
import dev.arcticsynth.api.http.RequestBodies;
import dev.arcticsynth.api.http.StrictJson;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.callback.InvalidCallbackException;
import dev.arcticsynth.callback.secret.CallbackSecrets;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// The secret that signs a task's callbacks. It can be set and is never returned.
@Path("/v1/tasks/{name}/callback/secret")
@SuppressWarnings("NullAway.Init") // the framework injects the field
public class CallbackSecretResource {

  private static final int MAX_BYTES = 4_096;

  private final TaskRepository tasks;
  private final CallbackSecrets secrets;
  private final RequestBodies bodies;
  private final ObjectMapper json;

  @Context HttpServerRequest request;

  CallbackSecretResource(
      TaskRepository tasks, CallbackSecrets secrets, RequestBodies bodies, ObjectMapper json) {
    this.bodies = bodies;
    this.tasks = tasks;
    this.secrets = secrets;
    this.json = StrictJson.of(json);
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Replace the secret; the previous one also signs for 24 hours")
  @RequestBody(content = @Content(schema = @Schema(implementation = NewSecret.class)))
  public Uni<Void> replace(@RestPath String name) {
    return bodies
        .whole(request, MAX_BYTES, this::secret)
        .chain(secret ->
            tasks.get(TaskOwner.NAME, name).chain(task -> secrets.replace(task.id(), secret)))
        .onFailure(InvalidCallbackException.class)
        .transform(CallbackSecretResource::problem)
        .invoke(found -> {
          if (!found) {
            throw NoSuchCallbackException.callback(name);
          }
        })
        .replaceWithVoid();
  }

  private Uni<String> secret(byte[] body) {
    try {
      // JSON's null is no object; its members can be null as well.
      @Nullable NewSecret read = json.readValue(body, NewSecret.class);
      if (read != null && read.secret() != null) {
        return Uni.createFrom().item(read.secret());
      }
    } catch (IOException e) {
      return Uni.createFrom().failure(e);
    }
    throw new InvalidRequestException(
        "/secret", "missing_secret", "The body is {\"secret\":\"whsec_…\"}.");
  }

  private static Throwable problem(Throwable failure) {
    var refused = (InvalidCallbackException) failure;
    return new InvalidRequestException("/" + refused.member(), refused.code(), refused.detail());
  }

  /// The body of the call.
  public record NewSecret(@Nullable String secret) {
    @Override
    public String toString() {
      return "NewSecret[hidden]";
    }
  }
}
