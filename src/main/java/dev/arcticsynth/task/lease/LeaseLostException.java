package dev.arcticsynth.task.lease;

import java.util.UUID;

/// The row is somebody else's now: touch neither the database nor the provider again for it.
public final class LeaseLostException extends RuntimeException {
  public LeaseLostException(String what, UUID id) {
    super("The lease of %s %s is lost; whoever holds it now goes on.".formatted(what, id));
  }
}
