package dev.arcticsynth.lab.crash;

/// A point and what happens to the process that hits it: what a verdict is about.
record Target(Point point, FaultAction strike) {

  String title() {
    return "%s at %s in %s".formatted(strike, point.name(), point.scenario());
  }
}
