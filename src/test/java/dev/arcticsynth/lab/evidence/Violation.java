package dev.arcticsynth.lab.evidence;

/// A promise that was not kept.
///
/// @param rule which of the oracle's
public record Violation(String rule, String what) {
  @Override
  public String toString() {
    return rule + ": " + what;
  }
}
