package dev.arcticsynth.blob;

import java.util.UUID;

/// Names one chunk of a blob. Chunks are written once and never changed.
public record BlobKey(UUID blobId, int n) {}
