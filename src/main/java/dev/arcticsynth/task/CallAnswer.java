package dev.arcticsynth.task;

import java.util.Optional;

/// What a call that was done was answered.
///
/// @param fingerprint of what was asked, to notice a key that is used for something else
/// @param location a path
public record CallAnswer(
    String fingerprint, int status, Optional<String> location, Optional<String> body) {}
