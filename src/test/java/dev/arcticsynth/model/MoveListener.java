package dev.arcticsynth.model;

/// Receives what can happen next in a world.
interface MoveListener {

  /// The number of the mover when it is none of the workers.
  int OUTSIDE = -1;

  void move(int worker, String what, World next);
}
