package dev.arcticsynth.connection;

/// One connection, for [ConnectionLimits].
interface Peer {

  /// Whom its caller shares a limit with.
  String address();

  /// How fast its body arrives, in bytes a second; infinite where none is waited for.
  double pace();

  /// Closes it, so that another one has its place. Called on any thread.
  void makeWay();
}
