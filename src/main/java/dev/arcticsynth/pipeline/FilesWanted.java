package dev.arcticsynth.pipeline;

import java.time.Instant;
import java.util.Optional;

/// Which files of an account somebody asks for.
///
/// @param before made earlier than this; one of an unknown age is not known to be
/// @param others what other deployments and other programs made, too
public record FilesWanted(Optional<Instant> before, boolean others) {

  boolean has(AccountFile file) {
    return (others || file.isOurs()) && file.isOfBatches() && isOldEnough(file);
  }

  private boolean isOldEnough(AccountFile file) {
    return before.isEmpty()
        || file.file().createdAt().filter(at -> at.isBefore(before.get())).isPresent();
  }
}
