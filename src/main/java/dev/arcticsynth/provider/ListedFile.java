package dev.arcticsynth.provider;

import java.time.Instant;
import java.util.Optional;

/// An uploaded file as its provider lists it.
///
/// @param tag of the submission that it was uploaded for, as its name says; of a file that others
///   made it says nothing
/// @param createdAt by the provider's clock
public record ListedFile(String id, String tag, Optional<Instant> createdAt) {}
