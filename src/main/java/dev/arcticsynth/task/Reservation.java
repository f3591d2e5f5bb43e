package dev.arcticsynth.task;

import java.util.UUID;

/// What became of the wish to do a call.
public sealed interface Reservation {

  /// It is ours to do. Whoever takes it over gets another token.
  record Granted(CallKey key, UUID token) implements Reservation {}

  /// It was done before.
  record Done(CallAnswer answer) implements Reservation {}

  /// Somebody is at it.
  record UnderWay() implements Reservation {}
}
