package dev.arcticsynth.task.payload;

import java.util.UUID;

/// Where some answers are: one chunk, its lines in the order of `seqs`.
public record ResultChunk(UUID blobId, int n, SequenceSet seqs) {}
