package dev.arcticsynth.provider.simulator;

import org.jspecify.annotations.Nullable;

/// What a batch came to; once it is recorded, everything in it is billed.
///
/// @param expired not all rows were run before the window closed
record Harvest(
    boolean expired,
    @Nullable String outputFileId,
    @Nullable String errorFileId,
    int completed,
    int failed,
    long inputTokens,
    long outputTokens) {}
