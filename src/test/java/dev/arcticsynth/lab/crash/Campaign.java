package dev.arcticsynth.lab.crash;

import dev.arcticsynth.lab.stage.Scenario;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Which points are struck how, and in which rounds: the same for the same words.
///
/// @param points a regular expression of their names
/// @param strikes `one` of the two for each point, as the seed says; the `other` one; or those that
///   are named, `KILL,STOP`
/// @param shard `i/n`: the i-th of n parts, which together are all
record Campaign(String points, String strikes, long seed, String shard) {

  static final String ALL = ".*";
  static final String ONE = "one";
  static final String OTHER = "other";
  static final String WHOLE = "1/1";

  /// As the system properties `lab.points`, `lab.strikes`, `lab.seed` and `lab.shard` say; what
  /// they leave out is each point once, with the seed of the commit.
  static Campaign ofProperties() {
    return new Campaign(
        System.getProperty("lab.points", ALL),
        System.getProperty("lab.strikes", ONE),
        Long.getLong("lab.seed", Commit.seed()),
        System.getProperty("lab.shard", WHOLE));
  }

  /// Whether each point has its turn.
  boolean isComplete() {
    return points.equals(ALL) && part() == 1 && parts() == 1;
  }

  /// How it is done again.
  String command() {
    return "./mvnw -Plab verify -Dit.test=CrashLabIT -Dlab.seed=%d -Dlab.strikes=%s%s%s"
        .formatted(
            seed,
            strikes,
            points.equals(ALL) ? "" : " -Dlab.points='" + points + "'",
            shard.equals(WHOLE) ? "" : " -Dlab.shard=" + shard);
  }

  List<Target> targets() {
    var all =
        Point.all().stream()
            .filter(point -> point.name().matches(points))
            .flatMap(point -> strikes(point).map(faultAction -> new Target(point, faultAction)))
            .toList();
    var ours = new ArrayList<Target>();
    for (int i = part() - 1; i < all.size(); i += parts()) {
      ours.add(all.get(i));
    }
    return List.copyOf(ours);
  }

  /// Two strikes a round where the scenario bears them; shuffled, so that the slow ones do not all
  /// come last.
  List<Round> rounds() {
    var random = new Random(seed);
    var byScenario = new EnumMap<Scenario, List<Target>>(Scenario.class);
    targets()
        .forEach(target ->
            byScenario
                .computeIfAbsent(target.point().scenario(), _ -> new ArrayList<>())
                .add(target));
    var rounds = new ArrayList<Round>();
    for (Map.Entry<Scenario, List<Target>> entry : byScenario.entrySet()) {
      List<Target> left = entry.getValue();
      Collections.shuffle(left, random);
      while (!left.isEmpty()) {
        rounds.add(next(entry.getKey(), left));
      }
    }
    Collections.shuffle(rounds, random);
    return List.copyOf(rounds);
  }

  private static Round next(Scenario scenario, List<Target> left) {
    Target first = left.removeLast();
    if (scenario.bearsTwo()) {
      for (int i = left.size() - 1; i >= 0; i--) {
        if (!left.get(i).point().equals(first.point())) {
          return Round.of(first, left.remove(i));
        }
      }
    }
    return Round.of(first);
  }

  private Stream<FaultAction> strikes(Point point) {
    FaultAction one = chosen(point);
    return switch (strikes) {
      case ONE -> Stream.of(one);
      case OTHER -> Arrays.stream(FaultAction.values()).filter(faultAction -> faultAction != one);
      default -> Arrays.stream(strikes.split(",")).map(FaultAction::valueOf);
    };
  }

  /// By the name and not by the place in the list, so that a new point changes no other's.
  private FaultAction chosen(Point point) {
    return new SplittableRandom(seed * 31 + point.name().hashCode()).nextBoolean()
        ? FaultAction.KILL
        : FaultAction.STOP;
  }

  private int part() {
    return Integer.parseInt(shard.split("/")[0]);
  }

  private int parts() {
    return Integer.parseInt(shard.split("/")[1]);
  }
}
