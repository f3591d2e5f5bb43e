package dev.arcticsynth.model;

import java.util.EnumSet;
import java.util.Set;

/// How batches are created, and what may befall it.
record Protocol(Set<Rule> rules, Set<Trouble> troubles) {

  static Protocol ours(Trouble... troubles) {
    var befalls = EnumSet.noneOf(Trouble.class);
    befalls.addAll(Set.of(troubles));
    return new Protocol(EnumSet.allOf(Rule.class), befalls);
  }

  static Protocol of(Rule... rules) {
    var kept = EnumSet.noneOf(Rule.class);
    kept.addAll(Set.of(rules));
    return new Protocol(kept, EnumSet.noneOf(Trouble.class));
  }

  Protocol without(Rule... broken) {
    var kept = EnumSet.copyOf(rules);
    kept.removeAll(Set.of(broken));
    return new Protocol(kept, troubles);
  }

  boolean has(Rule rule) {
    return rules.contains(rule);
  }

  boolean has(Trouble trouble) {
    return troubles.contains(trouble);
  }
}
