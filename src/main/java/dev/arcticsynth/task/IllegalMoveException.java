package dev.arcticsynth.task;

/// A bug: the flow asked for a move that the state machine does not know.
public final class IllegalMoveException extends IllegalStateException {
  IllegalMoveException(Object id, Enum<?> from, Object wanted) {
    super("%s may not go from %s by %s.".formatted(id, from, wanted));
  }
}
