package dev.arcticsynth.provider;

import org.jspecify.annotations.Nullable;

/// A batch as its provider knows it.
///
/// @param requestId what the provider's support asks for
public record RemoteBatch(String id, @Nullable String requestId) {}
