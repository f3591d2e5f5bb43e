package dev.arcticsynth.task;

import static dev.arcticsynth.task.Partitions.LATER;
import static dev.arcticsynth.task.Partitions.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.task.Settlement.TaskCounts;
import dev.arcticsynth.task.TaskException.AmbiguousIdsException;
import dev.arcticsynth.task.TaskException.WrongStateException;
import dev.arcticsynth.task.payload.IngestedRequests;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskTest {

  @Test
  void requests_are_numbered_on_over_several_appends() {
    // Given
    Task task = Partitions.task("t");

    // When
    long first = task.append(append(3, true, false, false));
    long second = task.append(append(2, true, false, false));

    // Then
    assertThat(first).isZero();
    assertThat(second).isEqualTo(3);
    assertThat(task.requests()).isEqualTo(5);
  }

  @Test
  void generated_ids_and_ids_that_look_like_them_cannot_be_in_one_task() {
    // Given
    Task task = Partitions.task("t");
    long _ = task.append(append(1, false, true, false));

    // Then
    assertThatThrownBy(() -> task.append(append(1, true, false, true)))
        .isInstanceOf(AmbiguousIdsException.class);
  }

  @Test
  void a_task_without_requests_cannot_run() {
    // Given
    Task task = Partitions.task("t");

    // Then
    assertThatThrownBy(() -> task.run(HoldPoint.NONE, NOW))
        .isInstanceOf(WrongStateException.class)
        .hasMessageContaining("no requests");
  }

  @Test
  void running_twice_is_fine_and_appending_then_is_not() {
    // Given
    Task task = Partitions.running("t", 2, true);

    // When
    task.run(HoldPoint.NONE, LATER);

    // Then
    assertThat(task.state()).isEqualTo(TaskState.RUNNING);
    assertThat(task.submittedAt()).contains(NOW);
    assertThatThrownBy(() -> task.append(append(1, true, false, false)))
        .isInstanceOf(WrongStateException.class);
  }

  @Test
  void an_open_task_is_cancelled_at_once_with_all_its_requests() {
    // Given
    Task task = Partitions.task("t");
    long _ = task.append(append(4, true, false, false));

    // When
    task.cancel(NOW);
    task.cancel(LATER);

    // Then
    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.cancelled()).isEqualTo(4);
    assertThat(task.finishedAt()).contains(NOW);
  }

  @Test
  void a_running_task_is_over_when_every_request_has_an_outcome() {
    // Given
    Task task = Partitions.running("t", 3, true);

    // When
    settle(task, new TaskCounts(2, 1, 0, 0, 0, 0), Optional.empty());

    // Then
    assertThat(task.state()).isEqualTo(TaskState.COMPLETED);
    assertThat(task.succeeded()).isEqualTo(2);
    assertThat(task.failed()).isEqualTo(1);
    assertThat(task.dueAt()).isEmpty();
  }

  @Test
  void what_is_over_does_not_end_a_second_time() {
    // Given
    Task task = Partitions.running("t", 3, true);
    task.cancel(NOW);
    settle(task, new TaskCounts(0, 0, 3, 0, 0, 0), Optional.empty());

    // When: a step that was held up since before asks again
    task.settle(new TaskCounts(0, 0, 3, 0, 0, 0), Optional.empty(), LATER, LATER);

    // Then
    assertThat(task.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(task.endings()).isEqualTo(1);
    assertThat(task.finishedAt()).contains(NOW);
  }

  @Test
  void an_unaccounted_request_prevents_the_end() {
    // Given
    Task task = Partitions.running("t", 3, true);

    // Then
    assertThatThrownBy(() -> settle(task, new TaskCounts(2, 0, 0, 0, 0, 0), Optional.empty()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2 of 3");
    assertThat(task.state()).isEqualTo(TaskState.RUNNING);
  }

  @Test
  void requests_that_wait_for_another_attempt_make_the_task_due() {
    // Given
    Task task = Partitions.running("t", 3, true);
    task.release(task.dueAt().orElseThrow());

    // When
    settle(task, new TaskCounts(2, 0, 0, 1, 0, 0), Optional.empty());

    // Then
    assertThat(task.state()).isEqualTo(TaskState.RUNNING);
    assertThat(task.dueAt()).contains(LATER);
  }

  @Test
  void where_nothing_could_be_run_the_task_has_failed_with_the_reason() {
    // Given
    Task task = Partitions.running("t", 3, true);

    // When
    settle(task, new TaskCounts(0, 3, 0, 0, 0, 0), Optional.of("no such model"));

    // Then
    assertThat(task.state()).isEqualTo(TaskState.FAILED);
    assertThat(task.failure()).contains("no such model");
  }

  @Test
  void a_retry_reopens_what_is_over_and_nothing_else() {
    // Given
    Task over = Partitions.running("t", 3, true);
    settle(over, new TaskCounts(0, 3, 0, 0, 0, 0), Optional.of("no such model"));
    Task running = Partitions.running("t", 3, true);

    // When
    over.reopen(NOW);

    // Then
    assertThat(over.state()).isEqualTo(TaskState.RUNNING);
    assertThat(over.failure()).isEmpty();
    assertThat(over.finishedAt()).isEmpty();
    assertThatThrownBy(() -> running.reopen(NOW)).isInstanceOf(WrongStateException.class);
    assertThatThrownBy(() -> Partitions.task("t").reopen(NOW))
        .isInstanceOf(WrongStateException.class);
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void a_last_state_is_left_only_by_running_again(TaskState state) {
    for (TaskState next : TaskState.values()) {
      // When
      boolean can = state.canBecome(next);

      // Then
      assertThat(can && state.isTerminal())
          .isEqualTo(state.isTerminal() && next == TaskState.RUNNING);
      assertThat(can && next == state).isFalse();
    }
  }

  private static void settle(Task task, TaskCounts counts, Optional<String> failure) {
    task.settle(counts, failure, LATER, NOW);
  }

  private static IngestedRequests append(
      int requests, boolean explicit, boolean generated, boolean lookalikes) {
    return new IngestedRequests(
        UUID.randomUUID(), requests, explicit, generated, lookalikes, List.of());
  }
}
