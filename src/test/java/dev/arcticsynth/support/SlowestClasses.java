package dev.arcticsynth.support;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Prints the twenty test classes that took longest, when all are over. The time of a class
/// includes what was started for it, an application for example; classes that ran side by side had
/// less than a core each.
///
/// Only where the system property `arctic.tests.stage` names the stage, as the build does: an
/// editor that runs one test has no use for it.
public final class SlowestClasses implements TestExecutionListener {

  private static final int SHOWN = 20;
  private static final String STAGE = System.getProperty("arctic.tests.stage", "");

  /// The list of the suites of a stage that runs in [TestSuites]; empty for a stage that is one
  /// run.
  private static final String SUITES = System.getProperty("arctic.tests.suites", "");

  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final Map<String, Duration> took = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> tests = new ConcurrentHashMap<>();
  private volatile Instant start = Instant.EPOCH;

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    start = Instant.now();
    begun.clear();
    took.clear();
    tests.clear();
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (classOf(test).isPresent()) {
      begun.put(test.getUniqueId(), System.nanoTime());
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    Optional.ofNullable(begun.remove(test.getUniqueId()))
        .map(at -> Duration.ofNanos(System.nanoTime() - at))
        .ifPresent(time -> classOf(test).ifPresent(name -> took.merge(name, time, Duration::plus)));
    if (test.isTest()) {
      tests.computeIfAbsent(topLevelOf(test), _ -> new LongAdder()).increment();
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (STAGE.isEmpty() || took.isEmpty()) {
      return;
    }
    var times = new StageTimes(start, Map.copyOf(took), counts());
    if (SUITES.isEmpty()) {
      print(times);
    } else {
      times.ofAllSuites(Path.of(SUITES)).ifPresent(SlowestClasses::print);
    }
  }

  private static void print(StageTimes times) {
    var whole = Duration.between(times.start(), Instant.now());
    System.out.print(table(STAGE, whole, times.took(), times.tests()));
  }

  static String table(
      String stage, Duration whole, Map<String, Duration> took, Map<String, Integer> tests) {
    var text = new StringBuilder();
    List<Map.Entry<String, Duration>> slowest =
        took.entrySet().stream()
            .sorted(Map.Entry.<String, Duration>comparingByValue(Comparator.reverseOrder()))
            .limit(SHOWN)
            .toList();
    text.append(
        "%nThe %d slowest of %d classes, stage %s: %s in all%n"
            .formatted(slowest.size(), took.size(), stage, seconds(whole)));
    slowest.forEach(entry ->
        text.append(
            "%10s  %5d tests  %s%n"
                .formatted(
                    seconds(entry.getValue()),
                    tests.getOrDefault(entry.getKey(), 0),
                    entry.getKey())));
    return text.toString();
  }

  private Map<String, Integer> counts() {
    var counts = new HashMap<String, Integer>();
    tests.forEach((name, count) -> counts.put(name, count.intValue()));
    return counts;
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }

  /// The name of a container that is a class of its own; nested ones are in their class's time.
  private static Optional<String> classOf(TestIdentifier test) {
    return test.getSource()
        .filter(ClassSource.class::isInstance)
        .map(ClassSource.class::cast)
        .map(ClassSource::getClassName)
        .filter(name -> name.indexOf('$') < 0);
  }

  private static String topLevelOf(TestIdentifier test) {
    return test.getSource().map(SlowestClasses::className).orElse("").replaceFirst("\\$.*", "");
  }

  private static String className(TestSource source) {
    return switch (source) {
      case MethodSource method -> method.getClassName();
      case ClassSource type -> type.getClassName();
      default -> "";
    };
  }
}
