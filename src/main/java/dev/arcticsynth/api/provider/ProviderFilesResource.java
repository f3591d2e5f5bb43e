package dev.arcticsynth.api.provider;

import dev.arcticsynth.api.http.ParameterParser;
import dev.arcticsynth.api.http.QueryParameters;
import dev.arcticsynth.api.model.DeletedFileView;
import dev.arcticsynth.api.model.FileView;
import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.pipeline.account.AccountFile;
import dev.arcticsynth.pipeline.account.FileDeleter.DeletionResult;
import dev.arcticsynth.pipeline.account.RemoteFiles;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.provider.Providers;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// A provider's storage of files.
@Path("/v1/providers/{provider}/files")
@Produces(MediaType.APPLICATION_JSON)
@SuppressWarnings("NullAway.Init") // the framework injects the field
public class ProviderFilesResource {

  private static final int MAX_DELETIONS = 100;
  private static final Set<String> LIST_PARAMETERS =
      Set.of("older_than_days", "owner", "limit", "after");
  private static final Set<String> DELETE_PARAMETERS =
      Set.of("older_than_days", "owner", "limit", "after", "confirm", "ids");

  private final Providers providers;
  private final RemoteFiles files;
  private final InstantSource clock;

  @Context HttpServerRequest request;

  ProviderFilesResource(Providers providers, RemoteFiles files, InstantSource clock) {
    this.providers = providers;
    this.files = files;
    this.clock = clock;
  }

  @GET
  @Operation(
      summary = "Files of batches that the provider stores, a page at a time",
      description =
          "A page may hold fewer files than its limit, also none, and yet not be the last: see has_more. With owner=all, files of other deployments and programs too.")
  public Uni<Page<FileView>> list(
      @RestPath String provider,
      @Parameter(description = "Minimum age in days; all when left out")
          @QueryParam("older_than_days")
          @Nullable String olderThanDays,
      @Parameter(description = "ours or all") @QueryParam("owner") @DefaultValue("ours")
          String owner,
      @QueryParam("limit") @DefaultValue("100") int limit,
      @QueryParam("after") @Nullable String after) {
    QueryParameters.requireKnown(request, LIST_PARAMETERS);
    var wanted = FileQuery.wanted(olderThanDays, owner, clock.instant());
    int size = ParameterParser.page(limit);
    return on(provider)
        .chain(found -> files.list(found, wanted, Optional.ofNullable(after), size))
        .map(page ->
            new Page<>(
                page.files().stream().map(ProviderFilesResource::view).toList(),
                page.next().isPresent(),
                page.next().orElse(null)));
  }

  /// The framework cancels the work for a closed connection: then no files are deleted beyond those
  /// in flight.
  @DELETE
  @Operation(
      summary = "Delete files that the provider stores, a page at a time; confirm=true is required",
      description =
          "Deletes what a GET with the same parameters lists, or of that only the given ids, and returns the outcome of each. Files that a batch or a task needs are kept. While has_more, call again, with after=next where there is a next.")
  public Uni<Page<DeletedFileView>> delete(
      @RestPath String provider,
      @Parameter(description = "Minimum age in days; required") @QueryParam("older_than_days")
          @Nullable String olderThanDays,
      @Parameter(description = "ours or all") @QueryParam("owner") @DefaultValue("ours")
          String owner,
      @QueryParam("limit") @DefaultValue("50") int limit,
      @QueryParam("after") @Nullable String after,
      @Parameter(description = "Only these, up to 50 comma-separated ids") @QueryParam("ids")
          @Nullable String ids,
      @Parameter(description = "must be true, or nothing is deleted") @QueryParam("confirm")
          @Nullable String confirm) {
    QueryParameters.requireKnown(request, DELETE_PARAMETERS);
    FileQuery.requireAge(olderThanDays);
    var wanted = FileQuery.wanted(olderThanDays, owner, clock.instant());
    int size = Math.min(ParameterParser.page(limit), MAX_DELETIONS);
    Optional<List<String>> only = Optional.ofNullable(ids).map(FileQuery::ids);
    FileQuery.requireConfirmed(confirm);
    return on(provider)
        .chain(found ->
            only.isPresent()
                ? files.delete(found, wanted, only.get())
                : files.delete(found, wanted, Optional.ofNullable(after), size))
        .map(done ->
            new Page<>(
                done.results().stream().map(ProviderFilesResource::view).toList(),
                !done.isAll(),
                done.isAll() ? null : done.next().orElse(null)));
  }

  private Uni<Provider> on(String provider) {
    return providers
        .find(provider)
        .map(found -> Uni.createFrom().item(found))
        .orElseGet(() -> Uni.createFrom().failure(new NotFoundException()));
  }

  private static FileView view(AccountFile found) {
    ListedFile file = found.file();
    return new FileView(
        file.id(),
        orNull(file.name()),
        orNull(file.purpose()),
        number(file.bytes()),
        file.createdAt().orElse(null),
        found.isOurs() ? "ours" : "others",
        found.task().orElse(null),
        found.isInUse());
  }

  private static DeletedFileView view(DeletionResult result) {
    return new DeletedFileView(
        result.fileId(), result.status().name().toLowerCase(Locale.ROOT), orNull(result.detail()));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Long number(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }
}
