package dev.arcticsynth.task.lease;

import java.util.UUID;

/// The lease is lost: neither the database nor the provider may be changed for this row any more.
public final class LeaseLostException extends RuntimeException {
  public LeaseLostException(String what, UUID id) {
    super("The lease expired: another replica has the row: kind=%s id=%s".formatted(what, id));
  }
}
