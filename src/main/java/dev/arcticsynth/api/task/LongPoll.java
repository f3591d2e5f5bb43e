package dev.arcticsynth.api.task;

import dev.arcticsynth.api.http.SharedPoll;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.pipeline.IsolatedContexts;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Holds an answer back until a task is over or the caller's timeout has passed. The task is polled
/// a few times a second, however many callers wait for it; a lost connection loses nothing.
@ApplicationScoped
class LongPoll {

  private static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private final TaskRepository tasks;
  private final SharedPoll<String, Task> poll;

  LongPoll(TaskRepository tasks, IsolatedContexts isolatedContexts) {
    this.tasks = tasks;
    this.poll = new SharedPoll<>(isolatedContexts::runForListeners, LOOK_EVERY, this::look);
  }

  /// The task when it is over, or as it is at the timeout.
  Uni<Task> untilOver(String name, Duration patience) {
    return look(name)
        .chain(task ->
            isOver(task) || !patience.isPositive()
                ? Uni.createFrom().item(task)
                : over(name, patience));
  }

  private Uni<Task> over(String name, Duration patience) {
    Executor here = SharedPoll.currentContext();
    return poll.next(name)
        .repeat()
        .whilst(task -> !isOver(task))
        .collect()
        .last()
        .map(Optional::of)
        .ifNoItem()
        .after(patience)
        .recoverWithItem(Optional::empty)
        .emitOn(here)
        .chain(over -> over.map(Uni.createFrom()::item).orElseGet(() -> look(name)));
  }

  private Uni<Task> look(String name) {
    return tasks.get(TaskOwner.NAME, name);
  }

  private static boolean isOver(Task task) {
    return task.state().isTerminal();
  }
}
