package dev.arcticsynth.task;

import java.util.UUID;

/// Where some answers are: one chunk, its lines in the order of `seqs`.
public record ResultPiece(UUID blobId, int n, Seqs seqs) {}
