package dev.arcticsynth.api.http;

/// Whose tasks a call is about. Until callers have credentials there is one owner.
public final class TaskOwner {
  public static final String NAME = "default";

  private TaskOwner() {}
}
