package dev.arcticsynth.lab.crash;

/// What happens to the process that hits a failpoint.
enum FaultAction {
  KILL("kill"),
  /// Stopped for three leases, then it goes on as if nothing had happened: a zombie.
  STOP("stop");

  private final String action;

  FaultAction(String action) {
    this.action = action;
  }

  String at(String point) {
    return point + " = " + action + "\n";
  }
}
