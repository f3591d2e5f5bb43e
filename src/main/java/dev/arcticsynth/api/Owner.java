package dev.arcticsynth.api;

/// Whose tasks a call is about. Until callers have credentials there is one owner.
final class Owner {
  static final String NAME = "default";

  private Owner() {}
}
