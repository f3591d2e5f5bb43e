package dev.arcticsynth.connection;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Counts connections, and decides who is let in. Connections that wait for their callers (no
/// request begun, or its head not complete) are kept in the order in which they began to wait: the
/// first of them makes way for a new one, so that silence locks no caller out. Where none waits, it
/// is the one whose body drips.
final class ConnectionLimits {

  /// A body that arrives slower than this makes way, in bytes a second.
  private static final double DRIPPING = 16 * 1024;

  private final int max;
  private final int perAddress;
  private final Map<String, Address> addresses = new HashMap<>();
  private int total;

  ConnectionLimits(int max, int perAddress) {
    this.max = max;
    this.perAddress = perAddress;
  }

  /// Whether it is let in. It counts from then on, as one that waits.
  boolean admit(Peer peer) {
    Optional<Peer> leaving;
    synchronized (this) {
      leaving = firstToLeave(peer.address());
      leaving.ifPresent(this::remove);
      if (isFull(peer.address())) {
        return false;
      }
      Address address = addresses.computeIfAbsent(peer.address(), name -> new Address());
      address.members.add(peer);
      address.waiting.add(peer);
      total++;
    }
    leaving.ifPresent(Peer::makeWay);
    return true;
  }

  /// A request began: it does not make way until it is answered.
  synchronized void busy(Peer peer) {
    Address address = addresses.get(peer.address());
    if (address != null) {
      address.waiting.remove(peer);
    }
  }

  /// It waits for its caller again.
  synchronized void waits(Peer peer) {
    Address address = addresses.get(peer.address());
    // It may have been told to make way a moment ago.
    if (address != null && address.members.contains(peer)) {
      address.waiting.add(peer);
    }
  }

  /// A connection is closed, for whatever reason.
  synchronized void closed(Peer peer) {
    remove(peer);
  }

  synchronized int total() {
    return total;
  }

  private boolean isFull(String name) {
    Address address = addresses.get(name);
    return total >= max || address != null && address.members.size() >= perAddress;
  }

  /// Of the same address, where that has too many; else of the one that has most.
  private Optional<Peer> firstToLeave(String name) {
    Address own = addresses.get(name);
    if (own != null && own.members.size() >= perAddress) {
      return own.first().or(() -> slowest(own.members.stream()));
    }
    if (total < max) {
      return Optional.empty();
    }
    return addresses.values().stream()
        .filter(address -> !address.waiting.isEmpty())
        .max(Comparator.comparingInt(address -> address.members.size()))
        .flatMap(Address::first)
        .or(() ->
            slowest(addresses.values().stream().flatMap(address -> address.members.stream())));
  }

  private static Optional<Peer> slowest(Stream<Peer> peers) {
    return peers.filter(peer -> peer.pace() < DRIPPING).min(Comparator.comparingDouble(Peer::pace));
  }

  private void remove(Peer peer) {
    Address address = addresses.get(peer.address());
    if (address == null || !address.members.remove(peer)) {
      return;
    }
    total--;
    address.waiting.remove(peer);
    if (address.members.isEmpty()) {
      addresses.remove(peer.address());
    }
  }

  private static final class Address {
    private final Set<Peer> members = new HashSet<>();
    private final LinkedHashSet<Peer> waiting = new LinkedHashSet<>();

    Optional<Peer> first() {
      return waiting.stream().findFirst();
    }
  }
}
