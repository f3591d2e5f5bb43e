package dev.arcticsynth.pipeline.results;

import dev.arcticsynth.provider.ProviderException;
import java.nio.file.Path;
import java.util.Optional;

/// What came of fetching one file of answers.
///
/// @param path what came, on local disk
/// @param label what the provider's reply said about it; empty where that is not known
/// @param failure why not all of it came
record Transfer(String fileId, Path path, String label, Optional<ProviderException> failure) {

  static Transfer whole(String fileId, Path path, String label) {
    return new Transfer(fileId, path, label, Optional.empty());
  }

  static Transfer cut(String fileId, Path path, ProviderException failure) {
    return new Transfer(fileId, path, "", Optional.of(failure));
  }

  boolean isWhole() {
    return failure.isEmpty();
  }

  /// A failure that means nothing for the answers: they are paid for, and remain available at the
  /// provider.
  boolean isRefusedToTheAccount() {
    return failure
        .filter(known ->
            switch (known.kind()) {
              case THROTTLED, DENIED, EXHAUSTED -> true;
              case TRANSIENT, REJECTED, NOT_FOUND, UNKNOWN -> false;
            })
        .isPresent();
  }

  /// The provider does not have the file (any more).
  boolean isGone() {
    return failure.filter(known -> known.kind() == ProviderException.Kind.NOT_FOUND).isPresent();
  }

  String reason() {
    return failure.map(known -> String.valueOf(known.getMessage())).orElse("");
  }
}
