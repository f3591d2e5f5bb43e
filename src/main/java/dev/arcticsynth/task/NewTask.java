package dev.arcticsynth.task;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a caller says of a task when it is made; checked already.
///
/// @param defaults JSON object of members that fill what a body does not say
/// @param deadline in the future, to the microsecond, as PostgreSQL keeps it
/// @param metadata JSON object of strings, the caller's own
public record NewTask(
    String owner,
    String name,
    String provider,
    Optional<String> model,
    String endpoint,
    Optional<String> defaults,
    OptionalInt batchSize,
    OptionalLong maxFileBytes,
    boolean auto,
    int maxAttempts,
    Optional<Instant> deadline,
    String metadata,
    Optional<NewCallback> callback) {}
