package dev.arcticsynth.task;

import java.util.OptionalLong;

/// What a partition is about to do at its provider, if the account lets it.
///
/// @param event what is on record when it may
/// @param enqueues whether tokens are enqueued by it; an upload alone enqueues none
/// @param configuredLimit of enqueued input tokens of the account and model
public record Start(PartitionEvent event, boolean enqueues, OptionalLong configuredLimit) {}
