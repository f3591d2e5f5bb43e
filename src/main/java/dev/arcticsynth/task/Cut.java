package dev.arcticsynth.task;

/// Which requests a partition is made of.
///
/// @param firstSeq sequence number of its first request; with gaps where models alternate
/// @param wireBytes exact size of its file
public record Cut(
    PartitionKind kind,
    String model,
    String endpoint,
    long firstSeq,
    long lastSeq,
    int requests,
    long wireBytes) {}
