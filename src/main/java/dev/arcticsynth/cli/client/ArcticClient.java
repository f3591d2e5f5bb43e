package dev.arcticsynth.cli.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.arcticsynth.api.model.AdoptBatches;
import dev.arcticsynth.api.model.AdoptionView;
import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.ProviderView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Time;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
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
public final class ArcticClient {
  private static final TypeReference<TaskView> TASK = new TypeReference<>() {};
  private static final TypeReference<Page<TaskView>> TASKS = new TypeReference<>() {};
  private static final TypeReference<Page<PartitionView>> PARTITIONS = new TypeReference<>() {};
  private static final TypeReference<Page<ProviderView>> PROVIDERS = new TypeReference<>() {};
  private static final TypeReference<AdoptionView> ADOPTION = new TypeReference<>() {};
  private static final int NOT_FOUND = 404;

  /// Longer than a server waits for the rest of an abandoned upload.
  private static final Duration SUBMISSION_IN_PROGRESS = Duration.ofMinutes(3);

  private static final Duration BETWEEN_SUBMISSIONS = Duration.ofSeconds(2);

  private final HttpTransport httpTransport;
  private final Time time;
  private final Consumer<String> notices;

  public ArcticClient(HttpTransport httpTransport, Time time, Consumer<String> notices) {
    this.httpTransport = httpTransport;
    this.time = time;
    this.notices = notices;
  }

  /// @param wait how long the server may hold the answer back while the task is not over
  public TaskView task(TaskName name, Duration wait) {
    Map<String, String> query = wait.isZero() ? Map.of() : Map.of("wait", wait.toSeconds() + "s");
    return httpTransport.get(path(name), query, TASK);
  }

  public Optional<TaskView> find(TaskName name) {
    try {
      return Optional.of(task(name, Duration.ZERO));
    } catch (Failure.Refused refused) {
      if (refused.status() == NOT_FOUND) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  public List<TaskView> tasks() {
    return all("/v1/tasks", TASKS);
  }

  public List<PartitionView> partitions(TaskName name) {
    return all(path(name) + "/partitions", PARTITIONS);
  }

  public List<ProviderView> providers() {
    return all("/v1/providers", PROVIDERS);
  }

  /// Submits requests once, however often the same command runs. Waits while the same submission is
  /// in progress: from a parallel process, or from one that was cut off a moment ago.
  public TaskView submit(TaskSubmission taskSubmission) {
    Instant end = time.instant().plus(SUBMISSION_IN_PROGRESS);
    boolean noticed = false;
    while (true) {
      try {
        return submitNow(taskSubmission);
      } catch (Failure.Refused refused) {
        if (!refused.isUnderWay() || !time.instant().isBefore(end)) {
          throw refused;
        }
        if (!noticed) {
          notices.accept("The same submission is in progress already; waiting for it.");
          noticed = true;
        }
        time.pause(BETWEEN_SUBMISSIONS);
      }
    }
  }

  private TaskView submitNow(TaskSubmission taskSubmission) {
    var answer = upload(taskSubmission, taskSubmission.key());
    return answer.isReplayed()
        ? still(taskSubmission.task(), answer.value())
            .orElseGet(() -> upload(taskSubmission, UUID.randomUUID().toString()).value())
        : answer.value();
  }

  /// The answer shows the task as it was then; it may have been deleted since.
  private Optional<TaskView> still(TaskName name, TaskView then) {
    return find(name).filter(now -> now.createdAt().equals(then.createdAt()));
  }

  private HttpTransport.Answer<TaskView> upload(TaskSubmission taskSubmission, String key) {
    return httpTransport.upload(
        "/v1/tasks",
        taskSubmission.query(),
        taskSubmission.headers(),
        taskSubmission.lines(),
        key,
        TASK);
  }

  /// The partitions are uploaded and no batch is made.
  public void upload(TaskName name) {
    httpTransport.send("POST", path(name) + "/upload", BodyPublishers.noBody());
  }

  /// Releases every hold, so that batches are created.
  public void start(TaskName name) {
    httpTransport.send("POST", path(name) + "/submit", BodyPublishers.noBody());
  }

  /// Takes over batches that another client has created for the task's requests.
  public AdoptionView adopt(TaskName name, AdoptBatches batches) {
    return httpTransport.ask(path(name) + "/adopt", batches, ADOPTION);
  }

  public void refresh(TaskName name) {
    httpTransport.send("POST", path(name) + "/refresh", BodyPublishers.noBody());
  }

  public void cancel(TaskName name) {
    httpTransport.send("POST", path(name) + "/cancel", BodyPublishers.noBody());
  }

  public void retry(TaskName name) {
    httpTransport.send("POST", path(name) + "/retry", BodyPublishers.noBody());
  }

  public void delete(TaskName name) {
    httpTransport.send("DELETE", path(name), BodyPublishers.noBody());
  }

  public ProviderFilesClient storage(String provider) {
    return new ProviderFilesClient(httpTransport, provider);
  }

  /// Copies the results. An `IOException` is one of `out`.
  ///
  /// @return whether they are all there; false while the task runs
  public boolean results(TaskName name, ResultsSelection wanted, OutputStream out)
      throws IOException {
    var answer = httpTransport.stream(path(name) + "/results", wanted.query());
    httpTransport.copy(answer.body(), out);
    return !answer.headers().firstValue("X-Arctic-Complete").orElse("true").equals("false");
  }

  /// Turns a file of the provider's answers into results with the callers' ids. An `IOException` is
  /// one of `out`.
  ///
  /// @return what was left out, counted
  public Optional<String> answers(TaskName name, BodyPublisher file, OutputStream out)
      throws IOException {
    var answer = httpTransport.exchange(path(name) + "/answers", file);
    httpTransport.copy(answer.body(), out);
    return answer.headers().firstValue("X-Arctic-Left-Out");
  }

  private <T> List<T> all(String path, TypeReference<Page<T>> type) {
    return all(path, Map.of(), type);
  }

  private <T> List<T> all(
      String path, Map<String, String> parameters, TypeReference<Page<T>> type) {
    var rows = new ArrayList<T>();
    var query = new LinkedHashMap<>(parameters);
    while (true) {
      Page<T> page = httpTransport.get(path, query, type);
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
