package dev.arcticsynth.task;

import static dev.arcticsynth.task.PartitionState.*;
import static dev.arcticsynth.task.Partitions.LATER;
import static dev.arcticsynth.task.Partitions.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.Partition.IllegalMoveException;
import dev.arcticsynth.task.PartitionEvent.*;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/// Whatever happens to a partition, in whatever order: a simple reference says what may follow, and
/// the facts that the schema demands hold at any time. What may not happen changes nothing.
class PartitionHistoryTest {

  private static final int REQUESTS = 3;
  private static final Set<PartitionState> WITH_BATCH = EnumSet.of(SUBMITTED, CANCELLING, ENDED);
  private static final Set<PartitionState> WITH_FILE = EnumSet.of(CREATING, RECONCILING);
  private static final Set<String> MOVES = movesOfTheDatabase();

  private static final PartitionSpec HALF =
      new PartitionSpec(PartitionKind.BASE, "m", "/v1/x", 0, 0, 1, 10);
  private static final Set<PartitionState> SEEN = EnumSet.noneOf(PartitionState.class);

  @AfterContainer
  static void every_state_was_reached() {
    assertThat(SEEN).containsExactlyInAnyOrder(PartitionState.values());
  }

  @Property(tries = 5_000, seed = "20261123", edgeCases = EdgeCasesMode.NONE)
  void a_partition_follows_the_table_and_keeps_the_facts(
      @ForAll("histories") List<PartitionEvent> history) {
    // Given
    Partition partition = Partitions.partition(0, REQUESTS - 1);
    var attempts = new ArrayList<BatchAttempt>();

    for (PartitionEvent event : history) {
      PartitionState before = partition.state();
      String facts = facts(partition);
      PartitionState expected = next(partition, event);

      // When
      boolean happened = happens(partition, event);

      // Then
      assertThat(happened).as("%s in %s", event, before).isEqualTo(expected != null);
      if (expected == null) {
        assertThat(facts(partition)).as("%s in %s", event, before).isEqualTo(facts);
        continue;
      }
      assertThat(partition.state()).as("%s in %s", event, before).isEqualTo(expected);
      follow(partition, event, attempts);
      everyFactHolds(partition, attempts);
      SEEN.add(expected);
    }
  }

  /// Where it stands after the event; null where the event may not happen.
  private static @Nullable PartitionState next(Partition partition, PartitionEvent event) {
    return switch (event) {
      case UploadBegun _ -> partition.state() == READY ? UPLOADING : null;
      case Uploaded(_, boolean held) ->
          partition.state() != UPLOADING ? null : held ? UPLOADING : CREATING;
      case InputPending _ -> in(partition, UPLOADING);
      case CreateBegun _ -> partition.remoteFileId().isEmpty() ? null : to(partition, CREATING);
      case Submitted _ -> in(partition, CREATING, RECONCILING) == null ? null : SUBMITTED;
      case Adopted _ -> in(partition, UPLOADING) == null ? null : SUBMITTED;
      case CreateUnknown _ -> partition.state() == CREATING ? RECONCILING : null;
      case Fenced _ -> in(partition, RECONCILING);
      // Of the audit, with an attempt that it found; not in these histories.
      case Recovered _ -> throw new AssertionError("a recall needs a find");
      case Abandoned _ -> to(partition, READY);
      case TemporarilyRejected _, QuotaExceeded _ when event.isKeepingFile() ->
          partition.state() == CREATING ? UPLOADING : null;
      case TemporarilyRejected _, QuotaExceeded _ -> to(partition, READY);
      case AdmissionDeferred _ -> in(partition, READY, UPLOADING, PARKED);
      case Rejected _ -> to(partition, partition.refusals() == 0 ? READY : FAILED);
      case Parked parked when parked.keepsFile() -> partition.state() == CREATING ? PARKED : null;
      case Parked _ -> to(partition, PARKED);
      case Unparked _ -> partition.isFileKept() ? UPLOADING : to(partition, READY);
      case Deferred _ -> partition.state().isTerminal() ? null : partition.state();
      case StatusSuspect _ -> in(partition, SUBMITTED, CANCELLING);
      case StillRunning _ -> in(partition, SUBMITTED, CANCELLING);
      case CancelAsked _ -> to(partition, CANCELLING);
      case Ended _ -> to(partition, ENDED);
      case DownloadFailed _ -> in(partition, ENDED);
      case Unreadable _ ->
          in(partition, SUBMITTED, CANCELLING, ENDED) == null ? null : to(partition, FAILED);
      case ReadAgain _ ->
          !partition.isUnreadable() ? null : partition.answerFiles().isEmpty() ? SUBMITTED : ENDED;
      case Downloaded _ -> to(partition, DOWNLOADED);
      case Failed _ -> to(partition, FAILED);
      case Bisected _ -> to(partition, FAILED);
      case Cancelled _ -> to(partition, CANCELLED);
    };
  }

  private static @Nullable PartitionState to(Partition partition, PartitionState next) {
    boolean isOver = partition.state().isTerminal();
    return !isOver && MOVES.contains(partition.state() + " " + next) ? next : null;
  }

  private static @Nullable PartitionState in(Partition partition, PartitionState... states) {
    return List.of(states).contains(partition.state()) ? partition.state() : null;
  }

  private static boolean happens(Partition partition, PartitionEvent event) {
    try {
      partition.apply(event, NOW);
      return true;
    } catch (IllegalMoveException refused) {
      return false;
    }
  }

  private static void follow(
      Partition partition, PartitionEvent event, List<BatchAttempt> attempts) {
    if (event instanceof UploadBegun(String tag, _)) {
      attempts.add(new BatchAttempt(partition, tag, NOW));
    } else if (!attempts.isEmpty()) {
      attempts.getLast().follow(partition, event, NOW);
    }
  }

  private static void everyFactHolds(Partition partition, List<BatchAttempt> attempts) {
    PartitionState state = partition.state();
    boolean isOver = state == DOWNLOADED || state == FAILED || state == CANCELLED;
    boolean waitsForCaller = partition.waitReason().filter(WaitReason.CALLER::equals).isPresent();
    assertThat(state.isTerminal()).isEqualTo(isOver);
    assertThat(partition.dueAt().isPresent() && isOver).as("due when over").isFalse();
    assertThat(partition.dueAt().isPresent() || isOver || waitsForCaller).as("stuck").isTrue();
    assertThat(partition.waitReason().isPresent() && isOver).as("waits when over").isFalse();
    assertThat(partition.remoteBatchId().isPresent() || !WITH_BATCH.contains(state))
        .as("a batch in %s", state)
        .isTrue();
    assertThat(
            partition.remoteFileId().isPresent() && partition.creatingAt().isPresent()
                || !WITH_FILE.contains(state))
        .as("a file in %s", state)
        .isTrue();
    assertThat(partition.isFileKept() && attempts.stream().noneMatch(BatchAttempt::isOpen))
        .as("a file without an attempt")
        .isFalse();
    assertThat(partition.isFenced() && state != RECONCILING).as("fenced in %s", state).isFalse();
    assertThat(state == FAILED && partition.lastError().isEmpty()).as("no reason").isFalse();
    assertThat(partition.batchAttempt()).isEqualTo(attempts.size());
    assertThat(attempts.stream().filter(BatchAttempt::isOpen))
        .as("open attempts")
        .hasSizeLessThan(2);
    assertThat(isOver && attempts.stream().anyMatch(BatchAttempt::isOpen))
        .as("open at last")
        .isEqualTo(partition.isUnreadable());
    assertThat(partition.refusals()).isLessThanOrEqualTo(2);
    assertThat(partition.answered()).isBetween(0, REQUESTS);
  }

  /// All that a refused event must leave alone.
  private static String facts(Partition p) {
    return "%s %s %s %s %s %s %s %s %d %d %d %d %d"
        .formatted(
            p.state(),
            p.dueAt(),
            p.waitReason(),
            p.lastError(),
            p.remoteFileId(),
            p.remoteBatchId(),
            p.creatingAt(),
            p.isFenced(),
            p.batchAttempt(),
            p.refusals(),
            p.polls(),
            p.downloads(),
            p.answered());
  }

  /// What leads on comes often, what ends the story rarely: so that the stories are long.
  @Provide
  Arbitrary<List<PartitionEvent>> histories() {
    Arbitrary<PartitionEvent> event =
        Arbitraries.frequency(
            Tuple.of(12, new UploadBegun("tag")),
            Tuple.of(12, new Uploaded("file-1", false)),
            Tuple.of(3, new Uploaded("file-2", true)),
            Tuple.of(4, new InputPending("file-3", "pending", LATER)),
            Tuple.of(4, new CreateBegun()),
            Tuple.of(8, new Submitted("batch-1", LATER, null)),
            Tuple.of(2, new Adopted("batch-2", "file-4", true, NOW)),
            Tuple.of(8, new CreateUnknown("timeout", "req")),
            Tuple.of(6, new Fenced(LATER)),
            Tuple.of(4, new Abandoned("no batch")),
            Tuple.of(3, new TemporarilyRejected(WaitReason.QUOTA, "busy", LATER)),
            Tuple.of(2, new QuotaExceeded("tokens", OptionalLong.of(90_000), LATER)),
            Tuple.of(2, new AdmissionDeferred(WaitReason.QUOTA, "no room", LATER)),
            Tuple.of(1, new AdmissionDeferred(WaitReason.OPERATOR, "no money", LATER)),
            Tuple.of(2, new Rejected("bad", "no such model", LATER)),
            Tuple.of(2, new Parked(WaitReason.OPERATOR, "money", LATER)),
            Tuple.of(3, new TemporarilyRejected(WaitReason.QUOTA, "busy", LATER, true)),
            Tuple.of(2, new QuotaExceeded("tokens", OptionalLong.of(90_000), LATER, true)),
            Tuple.of(3, new Parked(WaitReason.OPERATOR, "money", LATER, true)),
            Tuple.of(4, new Unparked()),
            Tuple.of(4, new Deferred(WaitReason.PROVIDER, "503", LATER)),
            Tuple.of(4, new StatusSuspect("completed", "no file", LATER)),
            Tuple.of(4, new StillRunning("in_progress", 99, LATER)),
            Tuple.of(2, new StillRunning("in_progress", -1, LATER)),
            Tuple.of(2, new CancelAsked(LATER)),
            Tuple.of(4, new Ended("completed", List.of("out"), OptionalInt.of(3), null)),
            Tuple.of(4, new DownloadFailed("cut", LATER)),
            Tuple.of(3, new DownloadFailed("short", LATER, "digest")),
            Tuple.of(3, new Unreadable("gzip")),
            Tuple.of(6, new ReadAgain()),
            Tuple.of(2, new Downloaded(2, 1, 0, 10, 20)),
            Tuple.of(1, new Failed("code", "reason")),
            Tuple.of(1, new Bisected("code", "reason", HALF, HALF)),
            Tuple.of(1, new Cancelled()));
    return event.list().ofMaxSize(60);
  }

  /// The table of the migrations, which was not written by `PartitionState`.
  private static Set<String> movesOfTheDatabase() {
    var move = Pattern.compile("\\('([A-Z]+)', '([A-Z]+)'\\)");
    var moves = new HashSet<String>();
    try (var files = Files.list(Path.of("src/main/resources/db/migration"))) {
      for (Path file : files.toList()) {
        move.matcher(Files.readString(file))
            .results()
            .forEach(found -> moves.add(found.group(1) + " " + found.group(2)));
      }
      return moves;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
