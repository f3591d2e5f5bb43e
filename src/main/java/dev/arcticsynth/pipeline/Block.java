package dev.arcticsynth.pipeline;

/// About a MiB of whole lines of a body.
///
/// @param index counts blocks of one body from 0
/// @param cut the last line was longer than allowed and is not here; it still counts as a line
record Block(int index, byte[] bytes, int length, boolean cut) {}
