package dev.arcticsynth.api.task;

import dev.arcticsynth.api.http.InvalidRequestException;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.api.model.AdoptBatches;
import dev.arcticsynth.api.model.AdoptionView;
import dev.arcticsynth.api.model.AdoptionView.AdoptedView;
import dev.arcticsynth.api.model.AdoptionView.LeftView;
import dev.arcticsynth.pipeline.batch.Adoption;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// Batches that another client has created. Asked again, it does nothing new.
@Path("/v1/tasks/{name}/adopt")
@Produces(MediaType.APPLICATION_JSON)
public class AdoptionResource {

  private static final int MAX_IDS = 10_000;
  private static final Pattern ID = Pattern.compile("[!-~]{1,512}");

  private final Adoption adoption;

  AdoptionResource(Adoption adoption) {
    this.adoption = adoption;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Take over batches that another client has created for the requests")
  public Uni<AdoptionView> adopt(@RestPath String name, @Nullable AdoptBatches body) {
    if (body == null) {
      throw new InvalidRequestException("", "wrong_type", "The body is a JSON object.");
    }
    var ids =
        new Adoption.Ids(
            checked("/file_ids", body.fileIds()), checked("/batch_ids", body.batchIds()));
    return adoption.run(TaskOwner.NAME, name, ids).map(AdoptionResource::view);
  }

  private static Set<String> checked(String member, @Nullable List<String> ids) {
    List<String> given = ids == null ? List.of() : ids;
    if (given.size() > MAX_IDS || given.stream().anyMatch(id -> !isId(id))) {
      throw new InvalidRequestException(
          member,
          "invalid_ids",
          "At most %,d ids of the provider's, each up to 512 visible ASCII characters."
              .formatted(MAX_IDS));
    }
    return new LinkedHashSet<>(given);
  }

  private static boolean isId(@Nullable String id) {
    return id != null && ID.matcher(id).matches();
  }

  private static AdoptionView view(Adoption.Outcome outcome) {
    return new AdoptionView(
        outcome.taken().stream()
            .map(taken -> new AdoptedView(taken.batchId(), taken.fileId(), taken.requests()))
            .toList(),
        outcome.left().entrySet().stream()
            .map(left -> new LeftView(left.getKey(), left.getValue()))
            .toList());
  }
}
