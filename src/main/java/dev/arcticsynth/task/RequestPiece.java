package dev.arcticsynth.task;

import java.util.UUID;

/// Where some requests of one model and endpoint are: one chunk, its lines in the order of `seqs`.
///
/// @param bodyBytes bodies without line ends
/// @param inputs embedding inputs in them; 0 for other endpoints
public record RequestPiece(
    UUID blobId, int n, String model, String endpoint, Seqs seqs, long bodyBytes, long inputs) {}
