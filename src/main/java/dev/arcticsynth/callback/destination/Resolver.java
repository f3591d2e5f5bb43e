package dev.arcticsynth.callback.destination;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/// Looks names up. Injected, since what a name means from one moment to the next is what tests (and
/// attackers) play with.
public interface Resolver {

  /// All addresses of a name, IPv4 and IPv6; at least one. Fails where there is none, and takes no
  /// longer than two seconds.
  Future<List<InetAddress>> resolve(String host);
}
