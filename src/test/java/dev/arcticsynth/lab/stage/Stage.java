package dev.arcticsynth.lab.stage;

import dev.arcticsynth.lab.evidence.Expected;
import dev.arcticsynth.lab.evidence.Expected.Fate;
import dev.arcticsynth.lab.process.Polling;
import dev.arcticsynth.lab.process.ServiceClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Where a scenario plays: a lab, tasks with names of this round's own, and the moment of the
/// strike.
public final class Stage {

  static final int REQUESTS = 30;
  static final int BATCH = 10;

  private final Lab lab;
  private final String prefix;
  private final Runnable strike;
  private final List<Expected> expected = new ArrayList<>();

  /// @param prefix of this round's task names
  /// @param strike what the scenario does when its moment has come
  public Stage(Lab lab, String prefix, Runnable strike) {
    this.lab = lab;
    this.prefix = prefix;
    this.strike = strike;
  }

  Lab lab() {
    return lab;
  }

  public String prefix() {
    return prefix;
  }

  public List<Expected> expected() {
    return List.copyOf(expected);
  }

  ServiceClient client() {
    return lab.client();
  }

  /// From now on the point may be hit.
  void strike() {
    strike.run();
  }

  /// @param rule the simulator's fault, without its braces
  public void fault(String type, String calls, int times, String... members) {
    String fault = String.join(",", List.of(members));
    lab.simulator()
        .fault(
            "{\"fault\":{\"type\":\"%s\"%s},\"calls\":[%s],\"times\":%d}"
                .formatted(
                    type,
                    fault.isEmpty() ? "" : "," + fault,
                    calls.isEmpty() ? "" : "\"" + calls + "\"",
                    times));
  }

  /// Submits a task in one call.
  public String submit(Fate fate) {
    String task = next(fate);
    client().submit(task, lines(task), BATCH, callback(task));
    return task;
  }

  /// Submits a task whose requests are for a model that no other task has.
  String submitFor(String model, Fate fate) {
    String task = next(fate);
    var lines =
        lines(task).stream()
            .map(line -> line.replace("\"model\":\"m\"", "\"model\":\"" + model + "\""))
            .toList();
    client().submit(task, lines, BATCH, callback(task));
    return task;
  }

  /// Submits a task under a key of the caller's.
  String submitOnce(Fate fate) {
    String task = next(fate);
    client().submitOnce("key-" + task, task, lines(task), BATCH, callback(task));
    return task;
  }

  /// Submits a task with a deadline.
  String submitUntil(String deadline, Fate fate) {
    String task = next(fate);
    client().submitUntil(deadline, task, lines(task), BATCH, callback(task));
    return task;
  }

  private String callback(String task) {
    return lab.callsBack() ? lab.sink().urlFor(task) : "";
  }

  /// A task alone, which waits for its requests.
  String create(Fate fate) {
    String task = next(fate);
    client().create(task, BATCH, callback(task));
    return task;
  }

  /// A name for a task that is made step by step.
  private String next(Fate fate) {
    String task = prefix + "-" + expected.size();
    expected.add(new Expected(task, ids(task), fate));
    return task;
  }

  static List<String> lines(String task) {
    return ids(task).stream()
        .map(id ->
            """
            {"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"Say what %s is."}]}}\
            """
                .formatted(id, id))
        .toList();
  }

  public void awaitOver(String task) {
    awaitTask(task, "state IN ('COMPLETED', 'CANCELLED', 'FAILED')");
  }

  void awaitTask(String task, String condition) {
    await(
        "task " + task + ": " + condition,
        "SELECT 1 AS it FROM task WHERE name = ? AND " + condition,
        task);
  }

  boolean isTask(String task, String condition) {
    return !lab.rows("SELECT 1 AS it FROM task WHERE name = ? AND " + condition, task).isEmpty();
  }

  /// Until so many of its partitions are so.
  void awaitPartitions(String task, int wanted, String condition) {
    Polling.until(
        () ->
            "%d partitions of %s: %s%n%s"
                .formatted(wanted, task, condition, FailureDump.of(lab, prefix)),
        () -> partitions(task, condition) >= wanted);
  }

  long partitions(String task, String condition) {
    return lab.rows(
            "SELECT 1 AS it FROM partition p JOIN task t ON t.id = p.task_id WHERE t.name = ? AND "
                + condition,
            task)
        .size();
  }

  void pause(Duration time) {
    Polling.pause(time);
  }

  private void await(String what, String sql, String task) {
    Polling.until(
        () -> what + "\n" + FailureDump.of(lab, prefix), () -> !lab.rows(sql, task).isEmpty());
  }

  private static List<String> ids(String task) {
    return IntStream.range(0, REQUESTS).mapToObj(i -> "%s-r%02d".formatted(task, i)).toList();
  }
}
