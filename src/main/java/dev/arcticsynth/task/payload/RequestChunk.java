package dev.arcticsynth.task.payload;

import java.util.UUID;

/// Where some requests of one model and endpoint are: one chunk, its lines in the order of `seqs`.
///
/// @param bodyBytes bodies without line ends
/// @param inputs embedding inputs in them; 0 for other endpoints
public record RequestChunk(
    UUID blobId,
    int n,
    String model,
    String endpoint,
    SequenceSet seqs,
    long bodyBytes,
    long inputs) {}
