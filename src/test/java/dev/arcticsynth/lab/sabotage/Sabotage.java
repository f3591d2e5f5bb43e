package dev.arcticsynth.lab.sabotage;

import dev.arcticsynth.lab.stage.Lab;
import dev.arcticsynth.lab.stage.Stage;
import dev.arcticsynth.lab.wire.BadWires;
import java.time.Duration;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A safeguard that is taken away from outside, and a scenario in which nothing else helps.
///
/// There is no switch in the program for it: the world lies to it.
enum Sabotage {
  /// The provider says that the file is deleted, and it is not. A create that is still under way
  /// then finds it.
  FILE_FENCE("batches", Map.of()) {
    @Override
    void prepare(Lab lab, boolean isSabotaged) {
      var stage = new Stage(lab, "", () -> {});
      stage.fault("delayed", "CREATE", 1, "\"by\":\"PT12S\"", "\"hang_up\":true");
      if (isSabotaged) {
        stage.fault(
            "junk",
            "DELETE",
            0,
            "\"body\":\"{\\\"id\\\":\\\"f\\\",\\\"object\\\":\\\"file\\\",\\\"deleted\\\":true}\"",
            "\"done\":false");
      }
    }

    @Override
    Duration aftermath() {
      return Duration.ofSeconds(14);
    }
  },
  /// No wait until the provider's lists have settled, and they lag.
  SETTLE_WAIT("batches", Map.of("arctic.submit.settle", "10ms")) {
    @Override
    Map<String, String> control() {
      return Map.of("arctic.submit.settle", "10s");
    }

    @Override
    void prepare(Lab lab, boolean isSabotaged) {
      var stage = new Stage(lab, "", () -> {});
      stage.fault("lost_reply", "CREATE", 1);
      stage.fault("list_lag", "LIST_BATCHES", 0, "\"by\":\"PT6S\"");
    }
  },
  /// The database never hears that the task's row is to be locked, and all partitions end at the
  /// same time.
  TASK_LOCK("quiet", Map.of("arctic.flow.concurrency", "1")) {
    @Override
    Map<String, String> control() {
      return Map.of("arctic.flow.concurrency", "1");
    }

    @Override
    void prepare(Lab lab, boolean isSabotaged) {
      if (isSabotaged) {
        ((BadWires) lab.wires()).database().rewrite(Sabotage::withoutTaskLock);
      }
      lab.failpoints().arm("settlement.counted = delay:4000");
    }
  };

  private static final Pattern TASK_LOCK_CLAUSE =
      Pattern.compile("(?<= from task t1_0 where t1_0.id=\\$1) for (no key )?update( of t1_0)?");

  private final String breaks;
  private final Map<String, String> settings;

  Sabotage(String breaks, Map<String, String> settings) {
    this.breaks = breaks;
    this.settings = settings;
  }

  /// The oracle's rule that must be broken.
  String breaks() {
    return breaks;
  }

  /// Of the replicas, sabotaged.
  Map<String, String> settings() {
    return settings;
  }

  /// Of the replicas, with the safeguard in place.
  Map<String, String> control() {
    return Map.of();
  }

  abstract void prepare(Lab lab, boolean isSabotaged);

  /// How long after the task's end the harm may still come.
  Duration aftermath() {
    return Duration.ZERO;
  }

  private static String withoutTaskLock(String statement) {
    return TASK_LOCK_CLAUSE.matcher(statement).replaceAll(Sabotage::blanks);
  }

  private static String blanks(MatchResult found) {
    return " ".repeat(found.group().length());
  }
}
