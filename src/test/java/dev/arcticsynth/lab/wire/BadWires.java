package dev.arcticsynth.lab.wire;

import org.jspecify.annotations.Nullable;

/// Wires through proxies, which can be made bad.
public final class BadWires implements Wires {

  private @Nullable FaultProxy database;
  private @Nullable FaultProxy provider;

  @Override
  public int toDatabase(int port) {
    database = FaultProxy.toPostgres(port);
    return database.port();
  }

  @Override
  public int toProvider(int port) {
    provider = FaultProxy.toHttp(port);
    return provider.port();
  }

  public FaultProxy database() {
    return java.util.Objects.requireNonNull(database);
  }

  public FaultProxy provider() {
    return java.util.Objects.requireNonNull(provider);
  }

  @Override
  public void mend() {
    database().mend();
    provider().mend();
  }

  @Override
  public void close() {
    database().close();
    provider().close();
  }
}
