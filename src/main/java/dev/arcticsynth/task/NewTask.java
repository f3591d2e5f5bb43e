package dev.arcticsynth.task;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/// The settings of a new task; validated already.
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
    Optional<NewCallback> callback) {

  /// The webhook of a new task; validated already.
  ///
  /// @param taskId the id that the task gets: the secret is encrypted for it
  /// @param host of the url, for sharing out the sending
  /// @param sealedSecret the task's own, encrypted
  public record NewCallback(UUID taskId, String url, String host, Optional<byte[]> sealedSecret) {
    @Override
    public String toString() {
      return "NewCallback[taskId=%s, host=%s]".formatted(taskId, host);
    }
  }
}
