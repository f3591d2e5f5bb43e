package dev.arcticsynth.api.model;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The JSON body of `POST /v1/tasks/{name}/adopt`.
///
/// @param batchIds batches that another client has created for the task's requests
/// @param fileIds files that it has uploaded; batches that were made from them are searched for
@JsonNaming(SnakeCaseStrategy.class)
public record AdoptBatches(@Nullable List<String> batchIds, @Nullable List<String> fileIds) {}
