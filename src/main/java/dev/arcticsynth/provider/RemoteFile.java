package dev.arcticsynth.provider;

import org.jspecify.annotations.Nullable;

/// A file as its provider knows it.
///
/// @param requestId what the provider's support asks for
public record RemoteFile(String id, @Nullable String requestId) {}
