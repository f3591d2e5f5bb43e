package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent;
import dev.arcticsynth.task.PartitionEvent.*;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionState;
import dev.arcticsynth.task.lease.Claim;
import dev.arcticsynth.task.lease.Claims;
import dev.arcticsynth.task.lease.LeaseLostException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two workers and one partition in the database, in the order that a seed says: claims, writes,
/// leases that run out, workers that go on all the same. Every write is one transaction that begins
/// by locking the row, so that the orders of whole transactions are all the orders there are.
@QuarkusTest
@TestProfile(FlowProfile.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class FlowTwoWorkersTest extends Flow {

  private static final int SEEDS = 500;
  private static final int MOVES = 10;
  private static final Duration LEASE = Duration.ofSeconds(120);

  @Inject Claims claims;
  @Inject PartitionRepository partitions;
  @Inject IsolatedContexts isolatedContexts;

  private final UUID taskId = UUID.randomUUID();

  @BeforeEach
  void aTask() {
    var _ =
        sql(
            """
            INSERT INTO task (id, owner, name, state, provider, endpoint, auto, hold, max_attempts, metadata, requests, split, created_at, due_at)
            VALUES ($1, 'o', $2, 'RUNNING', 'p', '/v1/chat/completions', true, 'NONE', 3, '{}', 500, true, now(), NULL)\
            """,
            taskId,
            task);
  }

  @Test
  void a_partition_has_one_holder_at_a_time_and_a_legal_history() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var story = new Story(seed);
      for (int move = 0; move < MOVES; move++) {
        story.goOn();
      }
      story.endsAsItShould();
    }
  }

  /// One partition, and what must be true of it.
  private final class Story {
    private final Random random;
    private final int seed;
    private final UUID id = UUID.randomUUID();
    private final Worker[] workers = {new Worker(), new Worker()};
    private PartitionState state = PartitionState.READY;
    private @Nullable UUID holder;
    private boolean hasRunOut = true;
    private int told;

    Story(int seed) {
      this.seed = seed;
      this.random = new Random(seed);
      var _ =
          sql(
              """
              INSERT INTO provider_account (provider, timeline, due_at) VALUES ($1, wal_timeline(), '9999-01-01')
              ON CONFLICT DO NOTHING\
              """,
              "p-" + seed);
      var _ =
          sql(
              """
              INSERT INTO partition (id, task_id, ordinal, kind, provider, model, endpoint, state, first_seq, last_seq, requests, wire_bytes, tries, created_at, due_at)
              VALUES ($1, $2, $3, 'BASE', $4, 'm', '/v1/chat/completions', 'READY', $5, $5, 1, 1, 1, now(), '2000-01-01')\
              """,
              id,
              taskId,
              seed,
              "p-" + seed,
              (long) seed);
    }

    void goOn() {
      Worker worker = workers[random.nextInt(2)];
      switch (random.nextInt(8)) {
        case 0 -> {
          clock.advance(LEASE.plusMillis(1));
          hasRunOut = true;
        }
        case 1 -> worker.claim = null;
        case 2 -> bothClaim();
        default -> {
          if (worker.claim == null) {
            claimed(worker, claim());
          } else {
            write(worker, worker.claim);
          }
        }
      }
    }

    private void bothClaim() {
      var both =
          Uni.combine()
              .all()
              .unis(isolatedContexts.run(this::claiming), isolatedContexts.run(this::claiming))
              .asTuple()
              .await()
              .atMost(Duration.ofSeconds(20));
      assertThat(both.getItem1().size() + both.getItem2().size())
          .as("seed %d: claims at once", seed)
          .isLessThan(2);
      boolean isFirst = both.getItem2().isEmpty();
      claimed(workers[isFirst ? 0 : 1], isFirst ? both.getItem1() : both.getItem2());
    }

    private Uni<List<Claim>> claiming() {
      return claims.claimDue(clock.instant(), "w", LEASE, List.of("p-" + seed), 1);
    }

    private List<Claim> claim() {
      return await(this::claiming);
    }

    private void claimed(Worker worker, List<Claim> got) {
      boolean isFree = (holder == null || hasRunOut) && !state.isTerminal();
      assertThat(!got.isEmpty()).as("seed %d: claimed in %s", seed, state).isEqualTo(isFree);
      if (!got.isEmpty()) {
        worker.claim = got.getFirst();
        worker.sees = state;
        holder = worker.claim.token();
        hasRunOut = false;
      }
    }

    private void write(Worker worker, Claim claim) {
      PartitionEvent event = event(worker.sees);
      boolean ends = random.nextBoolean();
      boolean isHolder = claim.token().equals(holder);
      Optional<Partition> now =
          await(() ->
              (ends ? partitions.conclude(claim, event) : partitions.record(claim, event))
                  .map(Optional::of)
                  .onFailure(LeaseLostException.class)
                  .recoverWithItem(Optional.empty()));
      assertThat(now.isPresent()).as("seed %d: %s", seed, event).isEqualTo(isHolder);
      if (now.isEmpty()) {
        worker.claim = null;
        return;
      }
      // An event that changes nothing is not reported.
      told += event instanceof StillRunning ? 0 : 1;
      state = now.get().state();
      worker.sees = state;
      // A write that keeps the lease makes it whole again.
      if (ends) {
        worker.claim = null;
        holder = null;
      } else {
        hasRunOut = false;
      }
    }

    /// Something that may follow what the worker knows.
    private PartitionEvent event(PartitionState seen) {
      return switch (seen) {
        case READY -> new UploadBegun("%s/%d".formatted(id, random.nextLong()));
        case UPLOADING ->
            random.nextInt(4) > 0 ? new Uploaded("file", false) : new Abandoned("interrupted");
        case CREATING -> random.nextBoolean() ? new CreateUnknown("timeout", null) : submitted();
        case RECONCILING ->
            switch (random.nextInt(3)) {
              case 0 -> new Fenced(clock.instant());
              case 1 -> new Abandoned("no batch");
              default -> submitted();
            };
        default -> new StillRunning("in_progress", 0, clock.instant());
      };
    }

    private Submitted submitted() {
      return new Submitted("batch-" + id + random.nextLong(), clock.instant(), null);
    }

    void endsAsItShould() {
      var row =
          sql(
                  """
                  SELECT p.state, p.lease_token, p.attempt,
                         (SELECT count(*) FROM attempt a WHERE a.partition_id = p.id) AS attempts,
                         (SELECT count(*) FROM task_event e WHERE e.task_id = p.task_id AND e.partition = p.ordinal) AS events
                    FROM partition p WHERE p.id = $1\
                  """,
                  id)
              .getFirst();
      assertThat(row.getString("state")).as("seed %d", seed).isEqualTo(state.name());
      assertThat(row.getUUID("lease_token")).as("seed %d", seed).isEqualTo(holder);
      assertThat(row.getLong("attempts")).isEqualTo((long) row.getInteger("attempt"));
      assertThat(row.getLong("events")).as("seed %d: events", seed).isEqualTo(told);
    }

    private <T> T await(Supplier<Uni<T>> work) {
      return isolatedContexts.run(work).await().atMost(Duration.ofSeconds(20));
    }
  }

  private static final class Worker {
    private @Nullable Claim claim;
    private PartitionState sees = PartitionState.READY;
  }
}
