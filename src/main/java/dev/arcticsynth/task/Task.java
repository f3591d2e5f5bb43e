package dev.arcticsynth.task;

import static dev.arcticsynth.task.TaskState.*;

import dev.arcticsynth.task.NewTask.NewCallback;
import dev.arcticsynth.task.TaskException.AmbiguousIdsException;
import dev.arcticsynth.task.TaskException.WrongStateException;
import dev.arcticsynth.task.payload.IngestedRequests;
import jakarta.persistence.Entity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A caller's requests, from their submission to their results.
@Entity
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
public class Task extends TaskColumns {

  protected Task() {}

  Task(NewTask newTask, Instant now) {
    this.id = newTask.callback().map(NewCallback::taskId).orElseGet(UUID::randomUUID);
    this.owner = newTask.owner();
    this.name = newTask.name();
    this.provider = newTask.provider();
    this.model = newTask.model().orElse(null);
    this.endpoint = newTask.endpoint();
    this.defaults = newTask.defaults().orElse(null);
    this.batchSize = newTask.batchSize().isPresent() ? newTask.batchSize().getAsInt() : null;
    this.maxFileBytes =
        newTask.maxFileBytes().isPresent() ? newTask.maxFileBytes().getAsLong() : null;
    this.auto = newTask.auto();
    this.maxAttempts = newTask.maxAttempts();
    this.metadata = newTask.metadata();
    this.state = OPEN;
    this.hold = newTask.auto() ? HoldPoint.NONE : HoldPoint.UPLOAD;
    this.createdAt = now;
    this.deadline = newTask.deadline().orElse(null);
    due(null);
  }

  /// Requests were added; they get the sequence numbers from the returned one on.
  long append(IngestedRequests more) {
    requireState(OPEN, "append to");
    long first = requests;
    requests += more.requests();
    explicitIds |= more.hasExplicitIds();
    generatedIds |= more.hasGeneratedIds();
    lookalikeIds |= more.hasLookalikeIds();
    if (generatedIds && lookalikeIds) {
      throw new AmbiguousIdsException(name);
    }
    return first;
  }

  /// No more requests; the next step cuts partitions, if there are none yet. Idempotent, and an
  /// upload after the submit, such as a retry after a lost reply, restores no hold.
  void run(HoldPoint until, Instant now) {
    switch (state) {
      case OPEN -> {
        if (requests == 0) {
          throw new WrongStateException(
              name, state, "run", "it has no requests; append some first");
        }
        state = RUNNING;
        submittedAt = now;
        hold = until;
      }
      case RUNNING -> hold = hold == HoldPoint.NONE ? HoldPoint.NONE : until;
      case COMPLETED -> {
        return;
      }
      case CANCELLING, CANCELLED, FAILED -> requireState(RUNNING, "run");
    }
    due(now);
  }

  /// Split is done.
  void cutInto(int count) {
    split = true;
    partitions = count;
  }

  /// The ordinals of further partitions begin at the returned one.
  int addPartitions(int count) {
    int first = partitions;
    partitions += count;
    return first;
  }

  /// Cancels the task. A task that is over stays as it is; idempotent.
  void cancel(Instant now) {
    switch (state) {
      case OPEN -> {
        cancelled = requests;
        stoppedBy = StopReason.CALLER;
        end(CANCELLED, now);
      }
      case RUNNING -> stop(StopReason.CALLER, now);
      case CANCELLING, CANCELLED -> {}
      case COMPLETED, FAILED -> throw new WrongStateException(name, state, "cancel", "it is over");
    }
  }

  /// Its deadline has passed and it is not over.
  boolean isLate(Instant now) {
    return deadline != null && !deadline.isAfter(now) && (state == OPEN || state == RUNNING);
  }

  /// Stops it after its deadline. A task that never ran ends when it is settled, in the same
  /// transaction.
  boolean expire(Instant now) {
    boolean late = isLate(now);
    if (late) {
      stop(StopReason.DEADLINE, now);
    }
    return late;
  }

  private void stop(StopReason by, Instant now) {
    state = CANCELLING;
    stoppedBy = by;
    due(now);
  }

  /// Too little time is left before the deadline to begin a retry.
  boolean endsWithin(Duration window, Instant at) {
    return deadline != null && !at.plus(window).isBefore(deadline);
  }

  /// Retries failed and cancelled requests, without a deadline.
  void reopen(Instant now) {
    if (!state.canBecome(RUNNING) || state == OPEN) {
      throw new WrongStateException(name, state, "retry", "wait until it is over");
    }
    state = RUNNING;
    hold = HoldPoint.NONE;
    finishedAt = null;
    failure = null;
    stoppedBy = null;
    deadline = null;
    due(now);
  }

  /// Decides under the row's lock whether the task is over. A delayed step may call this again, and
  /// must not end the task a second time.
  ///
  /// @param commonFailure why a partition failed as a whole; the task's failure where nothing
  ///   succeeded
  /// @param retryAt when waiting requests are retried
  void settle(
      Settlement.TaskCounts counts, Optional<String> commonFailure, Instant retryAt, Instant now) {
    if (state.isTerminal()) {
      return;
    }
    succeeded = counts.succeeded();
    failed = counts.failed();
    cancelled = counts.cancelled();
    if (!split) {
      if (state == CANCELLING) {
        cancelled = requests;
        end(CANCELLED, now);
      }
      return;
    }
    if (counts.waiting() > 0 && (dueAt == null || retryAt.isBefore(dueAt))) {
      due(state == CANCELLING ? now : retryAt);
    }
    if (counts.open() > 0 || counts.waiting() > 0 || counts.retrying() > 0) {
      return;
    }
    if (counts.accounted() != requests) {
      throw new IllegalStateException(
          "Task %s accounts for %d of %d requests; nothing was changed, an operator must act."
              .formatted(id, counts.accounted(), requests));
    }
    if (state == CANCELLING) {
      end(CANCELLED, now);
    } else if (succeeded == 0 && cancelled == 0 && commonFailure.isPresent()) {
      failure = commonFailure.get();
      end(FAILED, now);
    } else {
      end(COMPLETED, now);
    }
  }

  private void end(TaskState last, Instant now) {
    state = last;
    endings++;
    finishedAt = now;
    dueAt = null;
  }

  /// Fails with [WrongStateException] where no requests can be added.
  public void requireOpen() {
    requireState(OPEN, "append to");
  }

  /// Fails with [WrongStateException] while something is or may be under way.
  public void requireOver() {
    if (!state.isTerminal()) {
      throw new WrongStateException(name, state, "delete", "cancel it and wait until it is over");
    }
  }

  private void requireState(TaskState wanted, String action) {
    if (state != wanted) {
      throw new WrongStateException(
          name, state, action, "that is possible only while it is " + wanted.name().toLowerCase());
    }
  }

  /// Releases the lease after a step, and clears its due time. A due time that was set meanwhile,
  /// by a cancel or a partition that ended, is kept.
  void release(Instant claimedFor) {
    release();
    if (claimedFor.equals(dueAt)) {
      due(null);
    }
  }

  /// The due time: never later than its deadline. A step that holds the row right now must be able
  /// to distinguish the new time from the one that it was claimed for.
  private void due(@Nullable Instant at) {
    boolean deadlineFirst = deadline != null && (at == null || deadline.isBefore(at));
    @Nullable Instant next = deadlineFirst && (state == OPEN || state == RUNNING) ? deadline : at;
    if (next != null && next.equals(dueAt) && isLeased()) {
      next = next.minus(1, ChronoUnit.MICROS);
    }
    dueAt = next;
  }

  /// Stopping takes a while; checks again whether all partitions have stopped.
  void lookAgain(Instant at) {
    if (state == CANCELLING && dueAt == null) {
      dueAt = at;
    }
  }
}
