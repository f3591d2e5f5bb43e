package dev.arcticsynth.api.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RFC 9457 problem details: the one shape of every error.
///
/// @param type a stable URI per kind of problem
/// @param detail what failed, on what, and what to do
/// @param errors the first hundred bad lines or members; empty when the problem is not about input
/// @param errorsTotal how many there are in all; absent with no errors
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String instance,
    List<Entry> errors,
    @Nullable Long errorsTotal) {

  public static final String MEDIA_TYPE = "application/problem+json";

  @SuppressWarnings("NullAway") // Jackson hands over null where the member is absent
  public Problem {
    errors = errors == null ? List.of() : List.copyOf(errors);
  }

  /// @param line 1-based line of the body; absent when the entry is about a member
  /// @param pointer JSON pointer within the line or the body
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Entry(@Nullable Long line, @Nullable String pointer, String code, String detail) {}
}
