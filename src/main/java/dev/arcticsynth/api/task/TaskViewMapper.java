package dev.arcticsynth.api.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.api.model.EventView;
import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskEvent;
import dev.arcticsynth.task.TaskProgress;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.TaskState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Maps entities to the views of the API.
@ApplicationScoped
class TaskViewMapper {

  /// No delay: the batches run.
  private static final String BATCH = "batch";

  private final TaskRepository tasks;
  private final ObjectMapper json;
  private final Providers providers;

  TaskViewMapper(TaskRepository tasks, ObjectMapper json, Providers providers) {
    this.providers = providers;
    this.tasks = tasks;
    this.json = json;
  }

  /// The task as the answer to a call that changed it.
  Uni<Response> answer(int status, Task task) {
    return view(task)
        .map(view ->
            Response.status(status)
                // As text: the framework would put the caller's Host before it.
                .header("Location", "/v1/tasks/" + task.name())
                .entity(view)
                .build());
  }

  Uni<TaskView> view(Task task) {
    return tasks.progress(task).map(taskProgress -> view(task, taskProgress));
  }

  private TaskView view(Task task, TaskProgress taskProgress) {
    var partitions = new TreeMap<String, Integer>();
    taskProgress.partitions().forEach((state, count) -> partitions.put(lower(state), count));
    return new TaskView(
        task.name(),
        lower(task.state()),
        task.provider(),
        task.model().orElse(null),
        task.endpoint(),
        task.isAuto(),
        new TaskView.Counts(
            task.requests(),
            taskProgress.succeeded(),
            taskProgress.failed(),
            taskProgress.cancelled(),
            taskProgress.answered()),
        partitions,
        new TaskView.Usage(
            taskProgress.inputTokens(),
            taskProgress.outputTokens(),
            taskProgress.inputTokens() + taskProgress.outputTokens()),
        waitingFor(task, taskProgress),
        task.failure().orElse(null),
        task.stoppedBy().map(TaskViewMapper::lower).orElse(null),
        metadata(task),
        task.deadline().orElse(null),
        task.createdAt(),
        task.submittedAt().orElse(null),
        task.finishedAt().orElse(null));
  }

  private TaskView.@Nullable WaitingFor waitingFor(Task task, TaskProgress taskProgress) {
    if (task.state() != TaskState.RUNNING && task.state() != TaskState.CANCELLING) {
      return null;
    }
    if (providers.find(task.provider()).isEmpty()) {
      return new TaskView.WaitingFor(
          "operator",
          "Provider '%s' is not configured in this process, which therefore does nothing for the task and its batches. Run it with the task's provider or credentials."
              .formatted(task.provider()),
          null);
    }
    if (taskProgress.waits().isEmpty()) {
      return taskProgress.waiting() > 0
          ? new TaskView.WaitingFor(
              "retry",
              "%,d requests wait for a retry.".formatted(taskProgress.waiting()),
              task.dueAt().orElse(null))
          : null;
    }
    TaskProgress.Wait wait = taskProgress.waits().getFirst();
    String reason = wait.reason().map(TaskViewMapper::lower).orElse(BATCH);
    return new TaskView.WaitingFor(reason, sentence(task, wait), wait.until().orElse(null));
  }

  private static String sentence(Task task, TaskProgress.Wait wait) {
    int count = wait.partitions();
    String who = count == 1 ? "1 partition waits" : "%,d partitions wait".formatted(count);
    String why = wait.lastError().map(error -> " " + error).orElse("");
    return wait.reason()
        .map(reason ->
            switch (reason) {
              case CALLER -> who + " for you: continue with upload or submit.";
              case QUOTA -> who + " for capacity at the provider." + why;
              case FILE -> who + " for the provider to read the uploaded file.";
              case PROVIDER -> who + " for the provider to answer calls." + why;
              case CREDENTIALS ->
                  who
                      + " for a person: provider '%s' refuses the credentials. Fix them, then refresh the task."
                          .formatted(task.provider())
                      + why;
              case OPERATOR ->
                  who
                      + " for a person: provider '%s' requires payment or a higher limit. Resolve it, then refresh the task."
                          .formatted(task.provider())
                      + why;
              case RETRY -> who + " for a retry." + why;
            })
        .orElse(
            count == 1
                ? "1 partition is with the provider."
                : "%,d partitions are with the provider or on their way.".formatted(count));
  }

  private Map<String, String> metadata(Task task) {
    try {
      return json.readValue(task.metadata(), new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("We wrote it ourselves", e);
    }
  }

  static PartitionView view(Partition p) {
    Instant next = p.dueAt().orElse(null);
    return new PartitionView(
        p.ordinal(),
        lower(p.kind()),
        p.provider(),
        p.model(),
        p.remoteModel().equals(p.model()) ? null : p.remoteModel(),
        p.endpoint(),
        lower(p.state()),
        p.requests(),
        p.wireBytes(),
        p.batchAttempt(),
        p.remoteFileId().orElse(null),
        p.remoteBatchId().orElse(null),
        p.providerStatus().orElse(null),
        p.lastError().orElse(null),
        p.createdAt(),
        next,
        p.parentOrdinal().isPresent() ? p.parentOrdinal().getAsInt() : null,
        p.isHandedOver() ? true : null,
        p.remoteBatchId().flatMap(batch -> p.creatingAt()).orElse(null));
  }

  static EventView view(TaskEvent event) {
    return new EventView(
        event.id(),
        event.at(),
        event.actor(),
        event.event(),
        event.partition().orElse(null),
        event.detail().orElse(null),
        event.providerRequestId().orElse(null));
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
