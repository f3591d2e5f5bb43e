package dev.arcticsynth.provider;

import java.time.Duration;

/// How often a provider likes to be asked about a batch: at `first`, then slower up to `max`.
public record PollPace(Duration first, Duration max) {}
