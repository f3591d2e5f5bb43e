package dev.arcticsynth.provider.simulator.fault;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/// The faults a simulator is to show, in the order they were asked for. Thread-safe.
public final class Faults {
  private final List<Armed> rules = new ArrayList<>();
  private final Map<String, Integer> struck = new HashMap<>();
  private final Random random;

  public Faults(long seed) {
    random = new Random(seed);
  }

  /// Strikes the next call, or batch, that it fits; `calls` says which if not the usual ones.
  public void next(Fault fault, Operation... calls) {
    next(1, fault, calls);
  }

  public void next(int times, Fault fault, Operation... calls) {
    add(new FaultRule(fault, Set.of(calls), times, 0, null));
  }

  public void always(Fault fault, Operation... calls) {
    add(new FaultRule(fault, Set.of(calls), 0, 0, null));
  }

  public synchronized void add(FaultRule rule) {
    rules.add(new Armed(rule));
  }

  public synchronized void clear() {
    rules.clear();
  }

  /// The rules that may still strike, with the times they have left.
  public synchronized List<FaultRule> rules() {
    return rules.stream().map(Armed::left).toList();
  }

  /// How often each fault has struck, by the fault's name.
  public synchronized Map<String, Integer> struck() {
    return Map.copyOf(struck);
  }

  public <F extends Fault> Optional<F> take(Class<F> kind, Operation operation, String subject) {
    return take(kind, operation, subject, _ -> true);
  }

  /// The first that strikes; it has one time less from now on.
  public synchronized <F extends Fault> Optional<F> take(
      Class<F> kind, Operation operation, String subject, Predicate<F> fits) {
    return rules.stream()
        .filter(armed -> kind.isInstance(armed.rule.fault()))
        .filter(armed -> armed.rule.covers(operation, subject))
        .filter(armed -> fits.test(kind.cast(armed.rule.fault())))
        .filter(this::strikes)
        .findFirst()
        .map(armed -> kind.cast(spend(armed)));
  }

  /// All that strike.
  public synchronized <F extends Fault> List<F> takeAll(
      Class<F> kind, Operation operation, String subject) {
    return List.copyOf(rules).stream()
        .filter(armed -> kind.isInstance(armed.rule.fault()))
        .filter(armed -> armed.rule.covers(operation, subject))
        .filter(this::strikes)
        .map(armed -> kind.cast(spend(armed)))
        .toList();
  }

  public synchronized long nextSeed() {
    return random.nextLong();
  }

  private boolean strikes(Armed armed) {
    return armed.rule.share() == 0 || random.nextDouble() < armed.rule.share();
  }

  private Fault spend(Armed armed) {
    Fault fault = armed.rule.fault();
    int _ = struck.merge(fault.getClass().getSimpleName(), 1, Integer::sum);
    if (armed.isSpentByOneMore()) {
      rules.remove(armed);
    }
    return fault;
  }

  private static final class Armed {
    private final FaultRule rule;
    private int left;

    Armed(FaultRule rule) {
      this.rule = rule;
      left = rule.times();
    }

    boolean isSpentByOneMore() {
      return rule.times() > 0 && --left == 0;
    }

    FaultRule left() {
      return new FaultRule(rule.fault(), rule.calls(), left, rule.share(), rule.match());
    }
  }
}
