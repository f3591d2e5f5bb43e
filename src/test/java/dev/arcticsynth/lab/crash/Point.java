package dev.arcticsynth.lab.crash;

import static dev.arcticsynth.lab.stage.Scenario.*;

import dev.arcticsynth.lab.stage.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A failpoint by name, and a scenario that gets there.
public record Point(String name, Scenario scenario) {

  /// Every failpoint there is; a round of each. [CrashLabIT] fails for one that was never hit, and
  /// for one that was hit and is not here.
  public static List<Point> all() {
    var all = new ArrayList<Point>();
    around(
        all,
        SUBMIT,
        "partition.",
        List.of("upload_begun", "uploaded", "submitted", "still_running", "ended", "downloaded"));
    around(all, STEPS, "partition.", List.of("create_begun"));
    around(all, LOST_REPLY, "partition.", List.of("create_unknown"));
    around(all, NEVER_CREATED, "partition.", List.of("fenced", "abandoned"));
    around(all, THROTTLED, "partition.", List.of("turned_away"));
    around(all, REFUSED, "partition.", List.of("refused"));
    around(all, PARKED, "partition.", List.of("parked", "unparked"));
    around(all, DEFERRED, "partition.", List.of("deferred"));
    around(all, DOUBTED, "partition.", List.of("doubted"));
    around(all, CANCEL_WHILE_RUNNING, "partition.", List.of("cancel_asked"));
    around(all, CANCEL_WHILE_WAITING, "partition.", List.of("cancelled"));
    around(all, CUT_DOWNLOAD, "partition.", List.of("download_failed"));
    around(all, FULL, "partition.", List.of("full", "held_back"));
    around(all, POISON, "partition.", List.of("bisected"));
    around(all, RECALL, "partition.", List.of("recalled"));

    around(all, SUBMIT, "task.", List.of("submit", "split"));
    around(all, STEPS, "task.", List.of("create", "append", "run"));
    around(all, CANCEL_WHILE_RUNNING, "task.", List.of("cancel"));
    around(all, RETRY, "task.", List.of("retry"));
    around(all, DELETE, "task.", List.of("delete"));
    around(all, REPAIR, "task.", List.of("repair"));
    around(all, SETTLE, "task.", List.of("settle"));
    around(all, DEADLINE, "task.", List.of("deadline"));

    beside(all, SUBMIT, "lease.claim");
    beside(all, SLOW, "lease.renew");
    beside(all, CROWD, "lease.release");
    beside(all, START, "lease.inherit");
    beside(all, STEPS, "wake");
    beside(all, CROWD, "lease.siblings");

    for (String what : List.of("begun", "fenced", "swept", "note")) {
      beside(all, RECALL, "audit." + what);
    }
    beside(all, AUDIT, "audit.later");
    beside(all, AUDIT, "retention");

    beside(all, KEYED, "call.reserve");
    around(all, KEYED, "call.", List.of("answer"));

    add(all, SUBMIT, "callback.before-send", "callback.after-reply");
    around(all, SUBMIT, "callback.", List.of("record"));

    calls(all, SUBMIT, List.of("upload", "create", "status", "download"));
    calls(all, LOST_REPLY, List.of("list"));
    calls(all, NEVER_CREATED, List.of("fence"));
    calls(all, DELETE, List.of("delete"));
    calls(all, CANCEL_WHILE_RUNNING, List.of("cancel"));
    add(all, SUBMIT, "provider.upload.mid-stream", "provider.download.mid-stream");

    for (String what : List.of("blob.begin", "blob.chunk", "blob.publish")) {
      beside(all, SUBMIT, what);
      beside(all, ANSWER, what);
    }
    beside(all, SUBMIT, "blob.collect");
    beside(all, DELETE, "blob.delete");
    add(all, SUBMIT, "ingest.before-commit", "ingest.after-commit");
    add(all, SUBMIT, "staging.written", "staging.before-delete");
    add(all, SUBMIT, "settlement.locked", "settlement.counted");
    return List.copyOf(all);
  }

  private static void around(
      List<Point> all, Scenario scenario, String prefix, List<String> commits) {
    commits.forEach(commit ->
        add(all, scenario, prefix + commit + ".before-commit", prefix + commit + ".after-commit"));
  }

  private static void beside(List<Point> all, Scenario scenario, String statement) {
    add(all, scenario, statement + ".before", statement + ".after");
  }

  private static void calls(List<Point> all, Scenario scenario, List<String> calls) {
    calls.forEach(call ->
        add(
            all,
            scenario,
            "provider." + call + ".before-send",
            "provider." + call + ".after-reply"));
  }

  private static void add(List<Point> all, Scenario scenario, String... names) {
    Stream.of(names).map(name -> new Point(name, scenario)).forEach(all::add);
  }
}
