package dev.arcticsynth.provider.openai;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// The control plane. Every answer comes as text, whatever its status: between us and the provider
/// sit machines that answer with pages of their own.
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
interface OpenAiApi {

  @POST
  @Path("batches")
  @Consumes(MediaType.APPLICATION_JSON)
  Uni<RestResponse<String>> createBatch(String newBatch);

  @GET
  @Path("batches/{id}")
  Uni<RestResponse<String>> batch(@PathParam("id") String id);

  /// One page of all batches.
  ///
  /// @param after the last batch of the page before
  @GET
  @Path("batches")
  Uni<RestResponse<String>> batches(
      @QueryParam("limit") int limit, @QueryParam("after") @Nullable String after);

  /// One page of all files of a purpose.
  ///
  /// @param after the last file of the page before
  @GET
  @Path("files")
  Uni<RestResponse<String>> files(
      @QueryParam("purpose") String purpose,
      @QueryParam("limit") int limit,
      @QueryParam("after") @Nullable String after);

  @GET
  @Path("files/{id}")
  Uni<RestResponse<String>> file(@PathParam("id") String id);

  @POST
  @Path("batches/{id}/cancel")
  Uni<RestResponse<String>> cancelBatch(@PathParam("id") String id);

  @DELETE
  @Path("files/{id}")
  Uni<RestResponse<String>> deleteFile(@PathParam("id") String id);
}
