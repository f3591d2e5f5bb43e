package dev.arcticsynth.lab.wire;

/// What lies between a replica and those it talks to.
public interface Wires extends AutoCloseable {

  /// The port behind which the database is.
  int toDatabase(int port);

  /// The port behind which the provider is.
  int toProvider(int port);

  /// Whatever was made bad is good again.
  void mend();

  @Override
  void close();

  /// Nothing in between.
  static Wires straight() {
    return new Wires() {
      @Override
      public int toDatabase(int port) {
        return port;
      }

      @Override
      public int toProvider(int port) {
        return port;
      }

      @Override
      public void mend() {}

      @Override
      public void close() {}
    };
  }
}
