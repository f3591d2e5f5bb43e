package dev.arcticsynth.lab;

/// What happens to the process that hits a failpoint.
enum Strike {
  KILL("kill"),
  /// Stopped for three leases, then it goes on as if nothing had happened: a zombie.
  STOP("stop");

  private final String action;

  Strike(String action) {
    this.action = action;
  }

  String at(String point) {
    return point + " = " + action + "\n";
  }
}
