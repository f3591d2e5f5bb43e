package dev.arcticsynth.provider;

/// What a provider says of a file that we have uploaded.
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
