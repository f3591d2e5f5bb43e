package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file in a provider's storage.
///
/// @param createdAt by the provider's clock
/// @param owner `ours`: made by this deployment; else `others`
/// @param task whose requests or answers it holds, while that task is there
/// @param inUse something that is not over needs it; it is not deleted
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FileView(
    String id,
    @Nullable String name,
    @Nullable String purpose,
    @Nullable Long bytes,
    @Nullable Instant createdAt,
    String owner,
    @Nullable String task,
    boolean inUse) {}
