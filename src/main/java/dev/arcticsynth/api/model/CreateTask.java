package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON body of `POST /v1/tasks`. Everything but the name has a default.
///
/// @param model fills requests that name none
/// @param endpoint the url of requests that name none; `/v1/chat/completions` when absent
/// @param defaults members that fill what a request's body leaves out
/// @param batchSize fewer requests a batch than the provider allows
/// @param auto false: hold after splitting and after uploading until the caller's `upload` or
///   `submit`; default true
/// @param maxAttempts how often one request may be sent, 1 to 10; default 3
/// @param deadline when it ends, with the answers so far: a time (`2027-01-31T18:00:00Z`), or how
///   long from now (`36h`, `PT36H`)
/// @param requests request lines; with `auto` the task is sealed and runs at once
/// @param callback webhook for the end of the task; none when absent
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreateTask(
    @Nullable String name,
    @Nullable String provider,
    @Nullable String model,
    @Nullable String endpoint,
    @Nullable Map<String, JsonNode> defaults,
    @Nullable Integer batchSize,
    @Nullable Long maxFileBytes,
    @Nullable Boolean auto,
    @Nullable Integer maxAttempts,
    @Nullable String deadline,
    @Nullable Map<String, String> metadata,
    @Nullable List<JsonNode> requests,
    @Nullable Callback callback) {

  /// The webhook for the end of the task.
  ///
  /// @param secret `whsec_…`, signs what is sent; absent: the deployment's secrets sign
  public record Callback(@Nullable String url, @Nullable String secret) {
    @Override
    public String toString() {
      return "Callback[hidden]";
    }
  }
}
