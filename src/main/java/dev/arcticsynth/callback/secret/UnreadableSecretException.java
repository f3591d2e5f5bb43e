package dev.arcticsynth.callback.secret;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A task's own secret cannot be decrypted, so its callbacks cannot be signed until an operator
/// acts.
public final class UnreadableSecretException extends RuntimeException {
  UnreadableSecretException(UUID taskId, String why, @Nullable Throwable cause) {
    super(
        "The callback secret of task %s cannot be read: %s. Restore the old key, or have the caller set a new secret."
            .formatted(taskId, why),
        cause);
  }
}
