package dev.arcticsynth.task;

/// A provider's account was not swept yet since the service, or another database server, has
/// started: what our rows say of it may not be all there is.
public final class AccountClosedException extends RuntimeException {
  AccountClosedException(String provider) {
    super(
        "What is at provider '%s' is still being compared with what is on record; nothing was changed. Try again in some minutes."
            .formatted(provider));
  }
}
