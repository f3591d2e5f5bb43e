package dev.arcticsynth.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.arcticsynth.api.Page;
import dev.arcticsynth.api.PartitionView;
import dev.arcticsynth.api.ProviderView;
import dev.arcticsynth.api.TaskView;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// The service as the command line sees it. Every method throws [Failure].
final class ArcticClient {
  private static final TypeReference<TaskView> TASK = new TypeReference<>() {};
  private static final TypeReference<Page<TaskView>> TASKS = new TypeReference<>() {};
  private static final TypeReference<Page<PartitionView>> PARTITIONS = new TypeReference<>() {};
  private static final TypeReference<Page<ProviderView>> PROVIDERS = new TypeReference<>() {};
  private static final int NOT_FOUND = 404;

  /// Longer than a server waits for the rest of an upload whose sender is gone.
  private static final Duration SUBMISSION_IN_PROGRESS = Duration.ofMinutes(3);

  private static final Duration BETWEEN_SUBMISSIONS = Duration.ofSeconds(2);

  private final Wire wire;
  private final Time time;
  private final Consumer<String> notices;

  ArcticClient(Wire wire, Time time, Consumer<String> notices) {
    this.wire = wire;
    this.time = time;
    this.notices = notices;
  }

  /// @param wait how long the server may hold the answer back while the task is not over
  TaskView task(TaskName name, Duration wait) {
    Map<String, String> query = wait.isZero() ? Map.of() : Map.of("wait", wait.toSeconds() + "s");
    return wire.get(path(name), query, TASK);
  }

  Optional<TaskView> find(TaskName name) {
    try {
      return Optional.of(task(name, Duration.ZERO));
    } catch (Failure.Refused refused) {
      if (refused.status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  List<TaskView> tasks() {
    return all("/v1/tasks", TASKS);
  }

  List<PartitionView> partitions(TaskName name) {
    return all(path(name) + "/partitions", PARTITIONS);
  }

  List<ProviderView> providers() {
    return all("/v1/providers", PROVIDERS);
  }

  /// Submits requests once, however often the same command does it. Waits while the server is still
  /// busy with the same submission: of a process side by side, or of one that was cut off a moment
  /// ago.
  TaskView submit(Submission submission) {
    Instant end = time.instant().plus(SUBMISSION_IN_PROGRESS);
    boolean noticed = false;
    while (true) {
      try {
        return submitNow(submission);
      } catch (Failure.Refused refused) {
        if (!refused.isUnderWay() || !time.instant().isBefore(end)) {
          throw refused;
        }
        if (!noticed) {
          notices.accept("The same requests are being handed over already; waiting for that.");
          noticed = true;
        }
        time.pause(BETWEEN_SUBMISSIONS);
      }
    }
  }

  private TaskView submitNow(Submission submission) {
    var answer = upload(submission, submission.key());
    return answer.isReplayed()
        ? still(submission.task(), answer.value())
            .orElseGet(() -> upload(submission, UUID.randomUUID().toString()).value())
        : answer.value();
  }

  /// The answer tells of the task as it was then; it may have been deleted since.
  private Optional<TaskView> still(TaskName name, TaskView then) {
    return find(name).filter(now -> now.createdAt().equals(then.createdAt()));
  }

  private Wire.Answer<TaskView> upload(Submission submission, String key) {
    return wire.upload(
        "/v1/tasks", submission.query(), submission.headers(), submission.lines(), key, TASK);
  }

  /// The partitions are uploaded and no batch is made.
  void upload(TaskName name) {
    wire.send("POST", path(name) + "/upload", BodyPublishers.noBody());
  }

  /// Batches are made, whatever held them up.
  void start(TaskName name) {
    wire.send("POST", path(name) + "/submit", BodyPublishers.noBody());
  }

  void refresh(TaskName name) {
    wire.send("POST", path(name) + "/refresh", BodyPublishers.noBody());
  }

  void cancel(TaskName name) {
    wire.send("POST", path(name) + "/cancel", BodyPublishers.noBody());
  }

  void retry(TaskName name) {
    wire.send("POST", path(name) + "/retry", BodyPublishers.noBody());
  }

  void delete(TaskName name) {
    wire.send("DELETE", path(name), BodyPublishers.noBody());
  }

  FileStorage storage(String provider) {
    return new FileStorage(wire, provider);
  }

  /// Copies the results. An `IOException` is one of `out`.
  ///
  /// @return whether they are all there; false while the task runs
  boolean results(TaskName name, ResultsWanted wanted, OutputStream out) throws IOException {
    var answer = wire.stream(path(name) + "/results", wanted.query());
    wire.copy(answer.body(), out);
    return !answer.headers().firstValue("X-Arctic-Complete").orElse("true").equals("false");
  }

  private <T> List<T> all(String path, TypeReference<Page<T>> type) {
    return all(path, Map.of(), type);
  }

  private <T> List<T> all(
      String path, Map<String, String> parameters, TypeReference<Page<T>> type) {
    var rows = new ArrayList<T>();
    var query = new LinkedHashMap<>(parameters);
    while (true) {
      Page<T> page = wire.get(path, query, type);
      rows.addAll(page.data());
      String next = page.next();
      if (!page.hasMore() || next == null) {
        return rows;
      }
      query.put("after", next);
    }
  }

  private static String path(TaskName name) {
    return "/v1/tasks/" + name;
  }
}
