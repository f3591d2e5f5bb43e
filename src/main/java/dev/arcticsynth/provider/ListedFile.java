package dev.arcticsynth.provider;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// A file as its provider lists it.
///
/// @param tag of the submission that it was uploaded for, as its name says; of a file that others
///   made it says nothing
/// @param createdAt by the provider's clock
/// @param name as it was uploaded, or as the provider named its answers
/// @param purpose in the provider's word; empty where it does not say
public record ListedFile(
    String id,
    String tag,
    Optional<Instant> createdAt,
    String name,
    String purpose,
    OptionalLong bytes) {}
