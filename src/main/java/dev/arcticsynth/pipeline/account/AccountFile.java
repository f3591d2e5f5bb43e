package dev.arcticsynth.pipeline.account;

import dev.arcticsynth.provider.Provider.ListedFile;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// A file at a provider, joined with our records.
///
/// @param task of ours whose requests or answers it holds
/// @param isOurs this deployment made it
/// @param isInUse a batch attempt that is not over needs it, or a live batch of any program
public record AccountFile(ListedFile file, Optional<String> task, boolean isOurs, boolean isInUse) {

  /// Whether it is a file of batches: others, such as training files, are never listed or deleted.
  boolean isOfBatches() {
    String purpose = file.purpose().toLowerCase(Locale.ROOT);
    return isOurs || purpose.isEmpty() || purpose.startsWith("batch");
  }

  /// Which files of an account are asked for.
  ///
  /// @param before made earlier than this; one of an unknown age is not known to be
  /// @param others what other deployments and other programs made, too
  public record FileFilter(Optional<Instant> before, boolean others) {

    boolean matches(AccountFile file) {
      return (others || file.isOurs()) && file.isOfBatches() && isOldEnough(file);
    }

    private boolean isOldEnough(AccountFile file) {
      return before.isEmpty()
          || file.file().createdAt().filter(at -> at.isBefore(before.get())).isPresent();
    }
  }
}
