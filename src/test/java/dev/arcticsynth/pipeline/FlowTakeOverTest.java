package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.arcticsynth.pipeline.batch.SubmissionFactory;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.Wakeups;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import dev.arcticsynth.task.lease.LeaseLostException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Workers that die or stand still, at each point of a submit: the next worker takes over, and no
/// batch is paid for twice.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowTakeOverTest extends Flow {

  private static final Duration LEASE = Duration.ofSeconds(120);
  private static final Fault SLOW = new Fault.TooLate(Duration.ofMillis(1_500));

  @Inject Claims claims;
  @Inject PartitionRepository partitions;
  @Inject TaskRepository tasks;
  @Inject Wakeups wakeups;
  @Inject Providers providers;
  @Inject SubmissionFactory submissionFactory;
  @Inject IsolatedContexts isolatedContexts;

  @Test
  void a_worker_that_is_slow_with_an_upload_loses_it_to_another() {
    // Given
    submit(5);
    faults().next(SLOW, Operation.UPLOAD);
    var slow = tickElsewhere();
    eventually(() -> uploads() == 1);

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();
    slow.join();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
    assertThat(uploads()).isEqualTo(2);
  }

  @Test
  void a_worker_that_is_slow_with_a_create_has_its_batch_adopted_by_another() {
    // Given
    submit(5);
    faults().next(SLOW, Operation.CREATE);
    var slow = tickElsewhere();
    eventually(() -> started().size() == 1);

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();
    slow.join();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
    assertThat(events()).contains("partition.create_unknown").doesNotContain("partition.fenced");
  }

  @Test
  void a_batch_that_runs_already_is_adopted_though_the_list_lags_behind_the_take_over() {
    // Given
    submit(5);
    faults().next(SLOW, Operation.CREATE);
    faults().always(new Fault.ListLag(LEASE.plusSeconds(60)));
    var slow = tickElsewhere();
    eventually(() -> started().size() == 1);

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();
    slow.join();
    assertThat(partitionState()).isEqualTo("reconciling");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_worker_that_is_slow_with_a_download_does_not_publish_it_twice() {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofMinutes(10));
    faults().next(new Fault.TooLate(Duration.ofMillis(700)), Operation.CONTENT);
    var slow = tickElsewhere();
    eventually(() -> partitionState().equals("ended") && faults().rules().isEmpty());

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();
    slow.join();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_lease_that_is_renewed_is_not_lost() {
    // Given
    submit(5);
    faults().next(SLOW, Operation.CREATE);
    var slow = tickElsewhere();
    eventually(() -> started().size() == 1);

    // When
    clock.advance(LEASE.minusSeconds(1));
    dispatcher.renew().await().atMost(Duration.ofSeconds(10));
    clock.advance(LEASE.minusSeconds(1));
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("creating");
    slow.join();
    assertThat(partitionState()).isEqualTo("submitted");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_worker_that_died_before_its_upload_is_followed_by_another() {
    // Given
    submitHeld(5);
    say("submit");
    Claim dying = claim();
    assertThat(dying.kind()).isEqualTo(Claim.Kind.PARTITION);

    // When
    tick();
    assertThat(started()).isEmpty();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_worker_that_died_during_its_upload_leaves_nothing_that_counts() {
    // Given
    submit(5);
    faults().next(new Fault.Refused(429, "60", false), Operation.UPLOAD);
    tick();
    clock.advance(Duration.ofSeconds(61));
    Claim dying = claim();
    record(dying, new PartitionEvent.UploadBegun("a-tag-of-the-dead"));

    // When
    tick();
    assertThat(partitionState()).isEqualTo("uploading");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_worker_that_died_before_its_create_is_fenced_and_its_batch_made_after_the_settle_time() {
    // Given
    submitHeld(5);
    say("submit");
    record(claim(), new PartitionEvent.CreateBegun());

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("reconciling");
    clock.advance(Duration.ofSeconds(119));
    tick();
    assertThat(started()).isEmpty();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_worker_that_died_after_its_create_has_its_batch_adopted() {
    // Given
    submitHeld(5);
    say("submit");
    Claim dying = claim();
    record(dying, new PartitionEvent.CreateBegun());
    create(dying);

    // When
    clock.advance(LEASE.plusMillis(1));
    tick();

    // Then
    assertThat(partitionState()).isEqualTo("submitted");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_worker_that_wakes_up_after_the_fence_can_create_nothing_any_more() {
    // Given
    submitHeld(5);
    say("submit");
    Claim dying = claim();
    record(dying, new PartitionEvent.CreateBegun());
    var submission = submissionOf(dying);
    clock.advance(LEASE.plusMillis(1));
    tick();

    // When
    String file = fileOf(dying);
    var refusal = catchThrowable(() -> await(() -> provider().create(submission, file)));
    run();

    // Then
    assertThat(refusal).hasMessageContaining("No such File");
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_worker_that_lost_its_lease_can_record_nothing() {
    // Given
    submitHeld(5);
    say("submit");
    Claim late = claim();
    clock.advance(LEASE.plusMillis(1));
    tick();

    // When
    var failure = catchThrowable(() -> record(late, new PartitionEvent.CreateBegun()));

    // Then
    assertThat(failure).isInstanceOf(LeaseLostException.class);
    assertThat(partitionState()).isEqualTo("submitted");
  }

  @Test
  void several_workers_at_once_create_one_batch_a_partition() {
    // Given
    submit(24, "batch_size=4");

    // When
    CompletableFuture.allOf(
            IntStream.range(0, 5).mapToObj(n -> tickElsewhere()).toArray(CompletableFuture[]::new))
        .join();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(24);
    assertThat(started()).hasSize(6);
  }

  // ------------------------------------------------------------------------------ dying workers

  private void submitHeld(int requests) {
    submit(requests, "auto=false");
    say("upload");
    tick();
    assertThat(partitionState()).isEqualTo("uploading");
  }

  /// A partition; the task's own step, which wakes it, is not what dies here.
  private Claim claim() {
    var _ =
        await(
            () -> tasks.get("default", task).call(found -> wakeups.held(found.id(), found.hold())));
    return await(() -> claims.claimDue(clock.instant(), "dying", LEASE, List.of("simulator"), 4))
        .stream()
        .filter(claim -> claim.kind() == Claim.Kind.PARTITION)
        .findFirst()
        .orElseThrow();
  }

  private void record(Claim claim, PartitionEvent event) {
    Partition _ = await(() -> partitions.record(claim, event));
  }

  private void create(Claim claim) {
    var submission = submissionOf(claim);
    String file = fileOf(claim);
    var _ = await(() -> provider().create(submission, file));
  }

  private Submission submissionOf(Claim claim) {
    return await(() ->
        partitions
            .claimed(claim)
            .chain(partition ->
                tasks
                    .byId(partition.taskId())
                    .chain(task -> submissionFactory.current(task, partition, provider()))));
  }

  private String fileOf(Claim claim) {
    return sql("SELECT remote_file_id FROM partition WHERE id = $1", claim.id())
        .getFirst()
        .getString(0);
  }

  private Provider provider() {
    return providers.find("simulator").orElseThrow();
  }

  private <T> T await(Supplier<Uni<T>> work) {
    return isolatedContexts.run(work).await().atMost(Duration.ofSeconds(20));
  }

  private long uploads() {
    var partition =
        sql("SELECT p.id FROM partition p JOIN task t ON t.id = task_id WHERE t.name = $1", task);
    return partition.isEmpty()
        ? 0
        : ledger().entries().stream()
            .filter(entry -> entry.event().equals("file_uploaded"))
            .filter(entry ->
                entry
                    .detail()
                    .path("filename")
                    .asText()
                    .contains(partition.getFirst().getUUID(0).toString()))
            .count();
  }
}
