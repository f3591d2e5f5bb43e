package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.batch.HeldLeases;
import dev.arcticsynth.pipeline.batch.Poll;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Many live batches on one account: the list shows them all, and what it does not show is polled
/// one by one.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowBulkPollTest extends FlowAccount {

  private static final int LIVE = 45;
  private static final Duration LEASE = Duration.ofSeconds(120);

  /// All attempts of a read.
  private static final int TRIES = 4;

  @Inject Poll poll;
  @Inject Claims claims;
  @Inject PartitionRepository partitions;
  @Inject TaskRepository tasks;
  @Inject HeldLeases heldLeases;

  @Test
  void many_batches_are_polled_by_a_few_lists() {
    // Given
    manyAreLive(LIVE);
    clock.advance(Duration.ofMinutes(5));
    int lists = struck("DuplicatePage");
    int refusals = struck("Refused");
    faults().always(refused(500), Operation.RETRIEVE);
    faults().always(new Fault.DuplicatePage(), Operation.LIST_BATCHES);

    // When
    poll(claim(), provider());

    // Then
    assertThat(inState("ended")).isEqualTo(LIVE);
    assertThat(struck("Refused") - refusals).as("retrieves").isZero();
    assertThat(struck("DuplicatePage") - lists).as("lists").isBetween(1, TRIES);
    run();
    everyRequestIsAnsweredAndBilledOnce(LIVE);
    assertThat(started()).hasSize(LIVE);
  }

  @Test
  void batches_that_only_the_list_tells_about_are_answered_however_few_are_left() {
    // Given
    int count = 24;
    manyAreLive(count);
    faults().always(refused(500), Operation.RETRIEVE);
    faults().next(TRIES, refused(500), Operation.LIST_BATCHES);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(count);
    assertThat(started()).hasSize(count);
  }

  @Test
  void few_batches_are_polled_one_by_one() {
    // Given
    manyAreLive(20);
    int lists = struck("DuplicatePage");
    faults().always(new Fault.DuplicatePage(), Operation.LIST_BATCHES);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(20);
    assertThat(struck("DuplicatePage") - lists).as("lists").isZero();
  }

  @Test
  void pages_in_another_order_do_no_harm() {
    // Given
    manyAreLive(LIVE);
    faults().always(new Fault.ReorderedPage(), Operation.LIST_BATCHES);
    faults().always(new Fault.DuplicatePage(), Operation.LIST_BATCHES);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(LIVE);
  }

  @Test
  void batches_that_are_not_in_the_list_yet_are_polled_one_by_one() {
    // Given
    manyAreLive(LIVE);
    faults().always(new Fault.ListLag(Duration.ofMinutes(1)), Operation.LIST_BATCHES);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(LIVE);
  }

  @Test
  void a_list_that_fails_leaves_every_batch_to_be_polled_by_itself() {
    // Given
    manyAreLive(LIVE);
    faults().next(TRIES, refused(500), Operation.LIST_BATCHES);

    // When
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(LIVE);
  }

  @Test
  void a_batch_that_the_list_leaves_out_is_asked_for_itself() {
    // Given
    manyAreLive(LIVE);
    clock.advance(Duration.ofMinutes(5));
    Claim first = claim();
    String left = batchOf(first);

    // When
    poll(first, through(pages -> pages.map(page -> without(page, left))));

    // Then
    assertThat(inState("ended")).isEqualTo(LIVE);
    assertThat(noLeaseIsHeld()).isTrue();
    run();
    everyRequestIsAnsweredAndBilledOnce(LIVE);
  }

  @Test
  void a_list_that_breaks_off_has_polled_what_it_showed_and_the_rest_is_free_again() {
    // Given
    manyAreLive(LIVE);
    clock.advance(Duration.ofSeconds(10));
    Claim first = claim();

    // When
    poll(
        first,
        through(pages ->
            Multi.createBy()
                .concatenating()
                .streams(
                    pages.map(page -> page.subList(0, 10)),
                    Multi.createFrom()
                        .failure(
                            new ProviderException(
                                ProviderException.Kind.TRANSIENT, "the line is cut")))));

    // Then
    assertThat(inState("submitted")).isEqualTo(LIVE);
    assertThat(noLeaseIsHeld()).isTrue();
    run();
    everyRequestIsAnsweredAndBilledOnce(LIVE);
  }

  @Test
  void a_task_that_is_cancelled_has_each_of_its_batches_stopped() {
    // Given
    manyAreLive(LIVE);
    say("cancel");

    // When
    run();

    // Then
    assertThat(state()).isEqualTo("cancelled");
    assertThat(
            ledger().entries().stream()
                .filter(entry -> entry.event().equals("batch_cancelled"))
                .filter(entry ->
                    entry.detail().path("metadata").path("arctic_task").asText().equals(task)))
        .hasSize(LIVE);
  }

  // ------------------------------------------------------------------------------------ helpers

  private void manyAreLive(int count) {
    submit(count, "batch_size=1");
    tick();
    assertThat(started()).hasSize(count);
  }

  private int struck(String fault) {
    return faults().struck().getOrDefault(fault, 0);
  }

  private Claim claim() {
    Claim claim =
        await(() -> claims.claimDue(clock.instant(), "test", LEASE, List.of("simulator"), 1))
            .getFirst();
    assertThat(claim.kind()).isEqualTo(Claim.Kind.PARTITION);
    return claim;
  }

  private String batchOf(Claim claim) {
    return sql("SELECT remote_batch_id FROM partition WHERE id = $1", claim.id())
        .getFirst()
        .getString(0);
  }

  private void poll(Claim claim, Provider through) {
    var _ =
        await(() ->
            partitions
                .claimed(claim)
                .chain(partition ->
                    tasks
                        .byId(partition.taskId())
                        .chain(of -> poll.run(claim, of, partition, through))));
  }

  private long inState(String wanted) {
    return sql("SELECT count(*) FROM partition WHERE state = $1", wanted.toUpperCase())
        .getFirst()
        .getLong(0);
  }

  private boolean noLeaseIsHeld() {
    return heldLeases.held().isEmpty()
        && sql("SELECT 1 FROM partition WHERE lease_token IS NOT NULL").isEmpty();
  }

  private static List<ListedBatch> without(List<ListedBatch> page, String id) {
    return page.stream().filter(batch -> !batch.id().equals(id)).toList();
  }

  /// The provider, but for its list of batches.
  private Provider through(UnaryOperator<Multi<List<ListedBatch>>> list) {
    return (Provider)
        Proxy.newProxyInstance(
            Provider.class.getClassLoader(),
            new Class<?>[] {Provider.class},
            (_, method, arguments) -> {
              try {
                Object answer = method.invoke(provider(), arguments);
                return method.getName().equals("batches") ? list.apply(pages(answer)) : answer;
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  @SuppressWarnings("unchecked")
  private static Multi<List<ListedBatch>> pages(Object answer) {
    return (Multi<List<ListedBatch>>) answer;
  }
}
