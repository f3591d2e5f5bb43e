package dev.arcticsynth.lab.chaos;

import dev.arcticsynth.lab.crash.Point;
import dev.arcticsynth.lab.stage.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What a random round does, which follows from its seed and number alone.
///
/// @param faults of the provider, as its admin API takes them
record ChaosPlan(Scenario scenario, List<Blow> blows, List<String> faults) {

  /// Who is killed.
  enum Victim {
    A,
    B,
    BOTH,
    DATABASE,
    SIMULATOR
  }

  /// One kill.
  ///
  /// @param after the round's begin, or the blow before
  /// @param order for a failpoint instead, at which the process that hits it dies; empty for a blow
  ///   by time
  record Blow(Victim victim, Duration after, String order) {
    @Override
    public String toString() {
      return order.isEmpty() ? "%s after %d ms".formatted(victim, after.toMillis()) : order.strip();
    }
  }

  private static final List<Scenario> SCENARIOS =
      List.of(
          Scenario.SUBMIT,
          Scenario.SUBMIT,
          Scenario.SUBMIT,
          Scenario.STEPS,
          Scenario.REPAIR,
          Scenario.LOST_REPLY,
          Scenario.NEVER_CREATED,
          Scenario.THROTTLED,
          Scenario.CUT_DOWNLOAD,
          Scenario.CANCEL_WHILE_RUNNING,
          Scenario.CANCEL_WHILE_RUNNING,
          Scenario.CROWD);

  /// Of low rate, and none that costs a request its answer.
  private static final List<String> FAULTS =
      List.of(
          "{\"fault\":{\"type\":\"lost_reply\"},\"calls\":[\"CREATE\"],\"times\":0,\"share\":0.1}",
          "{\"fault\":{\"type\":\"refused\",\"status\":503,\"html\":true},\"calls\":[],\"times\":0,\"share\":0.05}",
          "{\"fault\":{\"type\":\"refused\",\"status\":429,\"html\":false},\"calls\":[],\"times\":0,\"share\":0.05}",
          "{\"fault\":{\"type\":\"too_late\",\"by\":\"PT1S\"},\"calls\":[\"CREATE\",\"UPLOAD\"],\"times\":0,\"share\":0.1}",
          "{\"fault\":{\"type\":\"delayed\",\"by\":\"PT3S\",\"hang_up\":true},\"calls\":[\"CREATE\"],\"times\":1,\"share\":0.2}",
          "{\"fault\":{\"type\":\"list_lag\",\"by\":\"PT1S\"},\"calls\":[],\"times\":0,\"share\":0.3}",
          "{\"fault\":{\"type\":\"duplicate_page\"},\"calls\":[],\"times\":0,\"share\":0.2}",
          "{\"fault\":{\"type\":\"regress\"},\"calls\":[],\"times\":0,\"share\":0.05}",
          "{\"fault\":{\"type\":\"cut_mid_line\"},\"calls\":[],\"times\":0,\"share\":0.1}");

  static ChaosPlan of(long seed, int round) {
    var random = new Random(seed * 1_000_003 + round);
    return of(random, SCENARIOS.get(random.nextInt(SCENARIOS.size())));
  }

  /// A round of one scenario: states that most tasks never see are met too seldom otherwise.
  static ChaosPlan of(long seed, int round, Scenario scenario) {
    return of(new Random(seed * 1_000_003 + round), scenario);
  }

  private static ChaosPlan of(Random random, Scenario scenario) {
    var blows = new ArrayList<Blow>();
    int kills = 1 + random.nextInt(3);
    for (int i = 0; i < kills; i++) {
      boolean isDuringRecovery = i > 0 && random.nextInt(100) < 30;
      blows.add(blow(random, scenario, isDuringRecovery ? 3_000 : 4_500));
    }
    var faults = FAULTS.stream().filter(_ -> random.nextInt(4) == 0).toList();
    return new ChaosPlan(scenario, List.copyOf(blows), faults);
  }

  /// Half of them by the clock, half at a point that the scenario may get to; of these half at one
  /// that no other scenario gets to, if there is any.
  private static Blow blow(Random random, Scenario scenario, int within) {
    Duration after = Duration.ofMillis(random.nextInt(within));
    if (random.nextBoolean()) {
      List<String> own = points(scenario);
      boolean isOwn = random.nextBoolean() && !own.isEmpty();
      List<String> points = isOwn ? own : points(Scenario.SUBMIT);
      String name = points.get(random.nextInt(points.size()));
      return new Blow(
          Victim.A, Duration.ZERO, "%s = kill@%d\n".formatted(name, 1 + random.nextInt(3)));
    }
    return new Blow(Victim.values()[random.nextInt(Victim.values().length)], after, "");
  }

  private static List<String> points(Scenario scenario) {
    return Point.all().stream()
        .filter(point -> point.scenario() == scenario)
        .map(Point::name)
        .toList();
  }
}
