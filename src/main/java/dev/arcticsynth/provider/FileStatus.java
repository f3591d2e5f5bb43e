package dev.arcticsynth.provider;

/// The status of an uploaded file at its provider.
public sealed interface FileStatus {

  /// A batch can be made of it.
  record Ready() implements FileStatus {}

  /// It is still being read; a batch over it would be refused.
  ///
  /// @param word the provider's own, for people
  record Pending(String word) implements FileStatus {}

  /// No batch can ever be made of it.
  record Unusable(String word) implements FileStatus {}
}
