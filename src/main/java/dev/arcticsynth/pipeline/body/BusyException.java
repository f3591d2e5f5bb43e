package dev.arcticsynth.pipeline.body;

/// The bodies that this process reads at the moment take up all the memory that is set aside for
/// them; nothing of this call was kept.
public final class BusyException extends RuntimeException {
  BusyException() {
    super(
        "Other calls' bodies take up the memory that there is for them (arctic.body.memory)."
            + " Nothing was stored. Send the call again.");
  }
}
