package dev.arcticsynth.connection;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Puts a guard into each connection of the ports that are guarded.
///
/// Netty finds it by `META-INF/services` where the system property `io.netty.bootstrap.extensions`
/// allows that, which the command line sets: neither Quarkus nor Vert.x lets an application into a
/// connection before its first request, and most attacks never send one.
public final class GuardedPorts extends ChannelInitializerExtension {

  private static final Map<Integer, Guarding> PORTS = new ConcurrentHashMap<>();

  static void guard(int port, ConnectionLimits limits, CallerConnectionsConfig config) {
    PORTS.put(port, new Guarding(limits, config));
  }

  @Override
  public void postInitializeServerChildChannel(Channel connection) {
    if (connection.localAddress() instanceof InetSocketAddress local) {
      Guarding guarding = PORTS.get(local.getPort());
      if (guarding != null) {
        var _ =
            connection
                .pipeline()
                .addFirst(
                    "guard",
                    new ConnectionGuard(
                        guarding.limits, guarding.config, connection.remoteAddress()));
      }
    }
  }

  private record Guarding(ConnectionLimits limits, CallerConnectionsConfig config) {}
}
