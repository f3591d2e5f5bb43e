package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.TaskSteps;
import dev.arcticsynth.task.Wakeups;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import dev.arcticsynth.task.lease.LeaseLostException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What was claimed under one timeline of the database counts for nothing under another; and what
/// is written keeps the lease whole.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowTimelineTest extends Flow {

  private static final Duration LEASE = Duration.ofSeconds(120);

  @Inject Claims claims;
  @Inject PartitionRepository partitions;
  @Inject TaskRepository tasks;
  @Inject TaskSteps taskSteps;
  @Inject Wakeups wakeups;
  @Inject IsolatedContexts isolatedContexts;

  @AfterEach
  void theOldTimelineIsBack() {
    FailOver.undo(pool);
  }

  @Test
  void a_claim_names_the_timeline_that_the_database_writes() {
    // Given
    submit(1);

    // When
    Claim claim = claim(Claim.Kind.TASK);

    // Then
    String written =
        sql("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)").getFirst().getString(0);
    assertThat(claim.timeline()).isEqualTo(written).matches("[0-9A-F]{8}");
  }

  @Test
  void a_claim_from_before_a_fail_over_can_record_nothing_after_it() {
    // Given
    submitHeld();
    Claim zombie = claim(Claim.Kind.PARTITION);

    // When
    FailOver.to(pool, FailOver.NEXT);

    // Then
    assertThat(
            catchThrowable(
                () -> await(() -> partitions.record(zombie, new PartitionEvent.CreateBegun()))))
        .isInstanceOf(LeaseLostException.class);
    assertThat(catchThrowable(() -> await(() -> partitions.claimed(zombie))))
        .isInstanceOf(LeaseLostException.class);
    assertThat(partitionState()).isEqualTo("uploading");
  }

  @Test
  void a_claim_of_a_task_from_before_a_fail_over_can_change_nothing_after_it() {
    // Given
    submit(1);
    Claim zombie = claim(Claim.Kind.TASK);

    // When
    FailOver.to(pool, FailOver.NEXT);

    // Then
    assertThat(zombie.kind()).isEqualTo(Claim.Kind.TASK);
    assertThat(catchThrowable(() -> await(() -> taskSteps.split(zombie, List.of()))))
        .isInstanceOf(LeaseLostException.class);
    assertThat(catchThrowable(() -> await(() -> taskSteps.settleAndRelease(zombie))))
        .isInstanceOf(LeaseLostException.class);
  }

  @Test
  void a_lease_from_before_a_fail_over_is_not_renewed() {
    // Given
    submitHeld();
    Claim zombie = claim(Claim.Kind.PARTITION);
    Instant until = leaseUntil(zombie);
    clock.advance(Duration.ofSeconds(30));

    // When
    FailOver.to(pool, FailOver.NEXT);
    renew(zombie);
    Instant refused = leaseUntil(zombie);
    FailOver.undo(pool);
    renew(zombie);

    // Then
    assertThat(refused).isEqualTo(until);
    assertThat(leaseUntil(zombie)).isEqualTo(clock.instant().plus(LEASE));
  }

  @Test
  void a_write_that_keeps_the_lease_makes_it_whole_again() {
    // Given
    submitHeld();
    Claim claim = claim(Claim.Kind.PARTITION);
    clock.advance(Duration.ofSeconds(100));

    // When
    var _ = await(() -> partitions.record(claim, new PartitionEvent.CreateBegun()));

    // Then
    assertThat(leaseUntil(claim)).isEqualTo(clock.instant().plus(LEASE));
  }

  @Test
  void a_create_after_a_long_upload_has_a_whole_lease_before_it() {
    // Given
    submit(5);
    faults().next(new Fault.TooLate(Duration.ofMillis(700)), Operation.UPLOAD);
    faults().next(new Fault.TooLate(Duration.ofMillis(1_500)), Operation.CREATE);
    var slow = tickElsewhere();
    eventually(() -> partitions().size() == 1 && partitionState().equals("uploading"));
    clock.advance(Duration.ofSeconds(100));
    eventually(() -> started().size() == 1);

    // When
    clock.advance(Duration.ofSeconds(100));
    tick();
    slow.join();

    // Then
    assertThat(events()).doesNotContain("partition.create_unknown");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  private void submitHeld() {
    submit(5, "auto=false");
    say("upload");
    tick();
    assertThat(partitionState()).isEqualTo("uploading");
    say("submit");
  }

  /// The task's own step, which wakes its partitions, is not what is late here.
  private Claim claim(Claim.Kind kind) {
    var _ =
        await(
            () -> tasks.get("default", task).call(found -> wakeups.held(found.id(), found.hold())));
    return await(() -> claims.claimDue(clock.instant(), "zombie", LEASE, List.of("simulator"), 4))
        .stream()
        .filter(claim -> claim.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private void renew(Claim claim) {
    boolean _ =
        await(() -> claims.renew(List.of(claim), clock.instant().plus(LEASE)).replaceWith(true));
  }

  private Instant leaseUntil(Claim claim) {
    return sql("SELECT lease_until FROM partition WHERE id = $1", claim.id())
        .getFirst()
        .getOffsetDateTime(0)
        .toInstant();
  }

  private <T> T await(Supplier<Uni<T>> work) {
    return isolatedContexts.run(work).await().atMost(Duration.ofSeconds(20));
  }
}
