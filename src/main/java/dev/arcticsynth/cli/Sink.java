package dev.arcticsynth.cli;

/// Takes bytes as they come; throws [Failure.Usage] where they cannot be kept.
@FunctionalInterface
interface Sink {

  void write(byte[] bytes, int length);
}
