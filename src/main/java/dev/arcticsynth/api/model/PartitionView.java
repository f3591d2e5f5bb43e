package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A partition and its newest attempt.
///
/// @param kind `base`: cut from the input; `repair`: what earlier partitions left unanswered
/// @param remoteModel the deployment of a pool that answers, or was chosen last; absent where it is
///   the model itself
/// @param state a partition state, lower case
/// @param bytes the size of the file on the provider's wire
/// @param attempts remote batches asked for so far
/// @param providerStatus the provider's own word at the last poll
/// @param parent the ordinal of the partition that it is a half of
/// @param handedOver its requests are in other partitions since: it was halved, or retried
/// @param batchCreatedAt when the newest batch was asked for
/// @param nextMoveAt when the service touches it again; absent when it is over
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PartitionView(
    int ordinal,
    String kind,
    String provider,
    String model,
    @Nullable String remoteModel,
    String endpoint,
    String state,
    int requests,
    long bytes,
    int attempts,
    @Nullable String remoteFileId,
    @Nullable String remoteBatchId,
    @Nullable String providerStatus,
    @Nullable String lastError,
    Instant createdAt,
    @Nullable Instant nextMoveAt,
    @Nullable Integer parent,
    @Nullable Boolean handedOver,
    @Nullable Instant batchCreatedAt) {}
