package dev.arcticsynth.failpoint;

import java.nio.file.Path;

/// A process that hits one failpoint, and says so when it got past it.
final class FailpointProcess {
  private FailpointProcess() {}

  public static void main(String[] arguments) {
    new Script(Path.of(arguments[0])).hit("here");
    System.out.println("past it");
  }
}
