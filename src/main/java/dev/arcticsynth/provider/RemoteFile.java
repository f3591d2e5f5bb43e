package dev.arcticsynth.provider;

import org.jspecify.annotations.Nullable;

/// A file as its provider knows it.
///
/// @param requestId what the provider's support asks for
/// @param status when the upload was through
public record RemoteFile(String id, @Nullable String requestId, FileStatus status) {
  public RemoteFile(String id, @Nullable String requestId) {
    this(id, requestId, new FileStatus.Ready());
  }
}
