package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One line of a task's history.
///
/// @param id grows with time; the SSE event id, so that a reader resumes where it was cut off
/// @param actor `caller`, or the name of the replica that acted
/// @param partition the ordinal of the partition concerned
/// @param providerRequestId what the provider's support asks for
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventView(
    long id,
    Instant at,
    String actor,
    String event,
    @Nullable Integer partition,
    @Nullable String detail,
    @Nullable String providerRequestId) {}
