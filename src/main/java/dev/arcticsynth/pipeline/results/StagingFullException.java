package dev.arcticsynth.pipeline.results;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// The disk with the folder for downloads is full, or its quota is used up.
final class StagingFullException extends RuntimeException {

  private static final long serialVersionUID = 1;

  StagingFullException(Path folder) {
    super(
        "The disk for downloads is full: free some of it, or set ARCTIC_FLOW_STAGING_DIR to another folder than %s."
            .formatted(folder));
  }

  /// Whether a failure to write was of this kind.
  static boolean isMeant(Throwable failure) {
    return Stream.iterate(
            Optional.of(failure), Optional::isPresent, at -> at.map(Throwable::getCause))
        .limit(10)
        .flatMap(Optional::stream)
        .filter(cause ->
            cause instanceof IOException || cause instanceof io.vertx.core.file.FileSystemException)
        .map(cause -> String.valueOf(cause.getMessage()))
        .anyMatch(
            text -> text.contains("No space left on device") || text.contains("quota exceeded"));
  }
}
