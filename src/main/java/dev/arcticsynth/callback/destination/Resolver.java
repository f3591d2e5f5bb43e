package dev.arcticsynth.callback.destination;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/// Resolves names. Injected, so that tests can change what a name resolves to, as attackers do.
public interface Resolver {

  /// All addresses of a name, IPv4 and IPv6; at least one. Fails where there is none, and takes no
  /// longer than two seconds.
  Future<List<InetAddress>> resolve(String host);
}
