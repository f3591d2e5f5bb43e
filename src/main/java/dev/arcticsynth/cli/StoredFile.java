package dev.arcticsynth.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A file in a provider's storage, as a server tells of it.
///
/// @param owner `ours` or `others`
/// @param inUse something that is not over needs it, so that it is not deleted
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoredFile(
    String id,
    @Nullable String name,
    @Nullable Long bytes,
    @Nullable Instant createdAt,
    @Nullable String owner,
    boolean inUse) {

  /// Which files are meant.
  record Wanted(int olderThanDays, boolean all) {
    Map<String, String> query() {
      var query = new LinkedHashMap<String, String>();
      query.put("older_than_days", String.valueOf(olderThanDays));
      query.put("owner", all ? "all" : "ours");
      return query;
    }
  }

  /// What became of a file that was to be deleted.
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Fate(String id, String outcome, @Nullable String detail) {
    @com.fasterxml.jackson.annotation.JsonIgnore
    boolean isDeleted() {
      return outcome.equals("deleted");
    }

    /// The provider did not do it, or was not asked any more.
    @com.fasterxml.jackson.annotation.JsonIgnore
    boolean isUnanswered() {
      return outcome.equals("failed") || outcome.equals("not_tried");
    }
  }
}
