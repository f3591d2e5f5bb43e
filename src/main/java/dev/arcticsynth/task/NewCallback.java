package dev.arcticsynth.task;

import java.util.Optional;
import java.util.UUID;

/// Whom to tell when a new task is over; checked already.
///
/// @param taskId the id that the task gets: the secret is sealed for it
/// @param host of the url, for sharing out the sending
/// @param sealedSecret the task's own, encrypted
public record NewCallback(UUID taskId, String url, String host, Optional<byte[]> sealedSecret) {

  @Override
  public String toString() {
    return "NewCallback[taskId=%s, host=%s]".formatted(taskId, host);
  }
}
