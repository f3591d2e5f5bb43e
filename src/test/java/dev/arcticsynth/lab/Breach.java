package dev.arcticsynth.lab;

/// A promise that was not kept.
///
/// @param rule which of the oracle's
record Breach(String rule, String what) {
  @Override
  public String toString() {
    return rule + ": " + what;
  }
}
