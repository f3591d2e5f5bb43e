package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/// What became of a file that was to be deleted.
///
/// @param outcome `deleted`, `not_found` (gone already, or never there), `in_use`, `kept` (not one
///   of those asked for), `failed` (the provider did not do it, or the outcome is unknown) or
///   `not_tried`
/// @param detail why it is still there
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeletedFileView(String id, String outcome, @Nullable String detail) {}
