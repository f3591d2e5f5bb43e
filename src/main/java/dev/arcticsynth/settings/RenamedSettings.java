package dev.arcticsynth.settings;

import io.smallrye.config.FallbackConfigSourceInterceptor;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Map;

/// Reads settings that were renamed by their old names as well, for one release. The new name wins
/// where both are set in one place.
@Priority(Priorities.LIBRARY + 600)
public final class RenamedSettings extends FallbackConfigSourceInterceptor {

  private static final long serialVersionUID = 1;

  /// Old names by new names.
  private static final Map<String, String> OLD =
      Map.of(
          "arctic.schedule.enabled", "arctic.beat.enabled",
          "arctic.schedule.tick", "arctic.beat.tick",
          "arctic.schedule.lease-renewal", "arctic.beat.lease-renewal",
          "arctic.schedule.orphan-blobs", "arctic.beat.sweep");

  public RenamedSettings() {
    super(OLD);
  }
}
