package dev.arcticsynth.model;

/// Hears what can happen next in a world.
interface MoveListener {

  /// Who moves when it is none of the workers.
  int NOBODY = -1;

  void move(int who, String what, World next);
}
