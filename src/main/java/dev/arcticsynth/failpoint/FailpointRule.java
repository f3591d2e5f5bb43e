package dev.arcticsynth.failpoint;

import java.util.HashMap;
import java.util.Map;

/// What is to happen at one failpoint.
///
/// @param nth at which hit, counted from 1; 0 means at every one
record FailpointRule(Action action, int nth) {

  static Map<String, FailpointRule> parse(String text) {
    var orders = new HashMap<String, FailpointRule>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .forEach(line -> {
          String[] sides = line.split("=", 2);
          orders.put(sides[0].strip(), of(sides[1].strip()));
        });
    return Map.copyOf(orders);
  }

  private static FailpointRule of(String text) {
    String[] parts = text.split("@", 2);
    return new FailpointRule(
        Action.of(parts[0].strip()), parts.length == 1 ? 0 : Integer.parseInt(parts[1].strip()));
  }
}
