package dev.arcticsynth.model;

import static dev.arcticsynth.task.PartitionState.*;

import dev.arcticsynth.model.Worker.Next;
import dev.arcticsynth.model.World.File;
import dev.arcticsynth.model.World.Recovery;
import dev.arcticsynth.task.PartitionState;
import java.util.function.Consumer;

/// What one worker can do next: the steps `Submit`, `Reconcile` and `Poll`, cut wherever a process
/// may stand still, die or be overtaken, that is between any two writes and calls.
///
/// A write is `PartitionRepository.fenced`: it checks the lease and the move, or the worker ends
/// with `LeaseLostException`. Leases run out whenever it suits: the row may be claimed at any time.
final class WorkerMoves {

  private final Protocol protocol;
  private final World world;
  private final int n;
  private final Worker me;
  private final MoveListener listener;

  WorkerMoves(Protocol protocol, World world, int n, MoveListener listener) {
    this.protocol = protocol;
    this.world = world;
    this.n = n;
    this.me = world.workers[n];
    this.listener = listener;
  }

  /// `Claims.claimDue`.
  void claim(int mostClaims) {
    boolean isDue = !world.now.isFenced || !protocol.has(Rule.SETTLE) || world.isSettled;
    if (world.claims == mostClaims
        || !isDue
        || world.now.state == ENDED
        || world.recovery != Recovery.OVER) {
      return;
    }
    World next = world.copy();
    next.commit();
    next.claims++;
    next.now.token = protocol.has(Rule.RANDOM_TOKEN) ? next.claims : next.now.token + 1;
    next.now.isHeld = true;
    next.workers[n].claimed(next.now, next.timeline, first(next.now));
    listener.move(n, "claims the row", next);
  }

  /// `Pipeline.step`.
  private Next first(Row row) {
    boolean looks = protocol.has(Rule.LOOK) && (!row.isFenced || protocol.has(Rule.SECOND_LOOK));
    return switch (row.state) {
      case READY -> Next.BEGIN;
      case UPLOADING -> row.file == 0 ? Next.GIVE_UP : Next.BEGIN_CREATE;
      case CREATING -> Next.DOUBT;
      case RECONCILING -> looks ? Next.LOOK : Next.GIVE_UP;
      case SUBMITTED -> Next.POLL;
      case CANCELLING, ENDED, DOWNLOADED, PARKED, FAILED, CANCELLED ->
          throw new IllegalStateException("Not in this model: " + row.state);
    };
  }

  void step() {
    switch (me.next) {
      case NOTHING -> {}
      case BEGIN -> begin();
      case UPLOAD -> upload();
      case RECORD_FILE ->
          write(
              "records its file",
              CREATING,
              row -> row.file = me.file,
              protocol.has(Rule.FILE_ON_RECORD) ? Next.CREATE : Next.UPLOAD);
      case CREATE -> create();
      case WAIT -> timeOut();
      case RECORD_BATCH ->
          conclude(
              "records batch " + me.batch,
              SUBMITTED,
              row -> {
                row.batch = me.batch;
                row.isFenced = false;
              });
      case RECORD_REFUSAL -> {
        conclude("records a refusal", READY, row -> {});
        if (protocol.has(Rule.FILE_ON_RECORD) && protocol.has(Rule.INTENT)) {
          conclude("records a refusal and keeps the file", UPLOADING, row -> {});
        }
      }
      case BEGIN_CREATE -> write("begins the create again", CREATING, row -> {}, Next.CREATE);
      case RECORD_DOUBT -> conclude("records that it is unknown", inDoubt(), row -> {});
      case GIVE_UP -> conclude("gives the attempt up", READY, row -> row.isFenced = false);
      case DOUBT ->
          write(
              "records that it is unknown",
              RECONCILING,
              row -> {},
              protocol.has(Rule.LOOK) ? Next.LOOK : Next.GIVE_UP);
      case LOOK -> look();
      case FENCE -> go("deletes file " + me.file, Next.RECORD_FENCE, next -> next.delete(me.file));
      case RECORD_FENCE -> conclude("records the fence", RECONCILING, row -> row.isFenced = true);
      case POLL -> poll();
    }
  }

  void crash() {
    if (world.crashesLeft > 0) {
      World next = world.copy();
      next.crashesLeft--;
      next.workers[n].reset();
      listener.move(n, "dies", next);
    }
  }

  private void begin() {
    if (world.now.attempt == World.TRIES) {
      return;
    }
    int attempt = protocol.has(Rule.INTENT) ? me.attempt + 1 : 1;
    Next then = protocol.has(Rule.FILE_ON_RECORD) ? Next.UPLOAD : Next.RECORD_FILE;
    if (!protocol.has(Rule.INTENT)) {
      go("begins", then, next -> next.workers[n].attempt = attempt);
      return;
    }
    write(
        "puts attempt " + attempt + " on record",
        UPLOADING,
        row -> {
          row.attempt = attempt;
          row.file = 0;
          row.batch = 0;
        },
        then);
  }

  private void upload() {
    int file = 1;
    while (protocol.has(Rule.FRESH_FILE) && file <= World.FILES && world.files[file] != File.NONE) {
      file++;
    }
    if (file > World.FILES) {
      return;
    }
    int id = file;
    go(
        "uploads file " + id,
        protocol.has(Rule.INTENT) && protocol.has(Rule.FILE_ON_RECORD)
            ? Next.RECORD_FILE
            : Next.CREATE,
        next -> {
          // Only the recovery lists files.
          boolean isListed = !protocol.has(Trouble.LIST_LAG) || !protocol.has(Trouble.TAIL_LOSS);
          next.files[id] = isListed ? File.THERE : File.NEW;
          next.workers[n].file = id;
        });
  }

  private void create() {
    World next = world.copy();
    if (next.send(me.file, me.attempt)) {
      next.workers[n].next = Next.WAIT;
      listener.move(n, "sends a create of file %d".formatted(me.file), next);
    }
  }

  /// The answer may be lost, late, a 5xx or a page of a gateway: all the same.
  private void timeOut() {
    go(
        "hears nothing",
        protocol.has(Rule.DOUBT) ? Next.RECORD_DOUBT : Next.RECORD_REFUSAL,
        next -> {});
    if (!protocol.has(Rule.ONE_CALL)) {
      go("hears nothing, and sends it again", Next.CREATE, next -> {});
    }
  }

  /// `BatchSearch`: any batch that fits may be the first in the list.
  private void look() {
    boolean found = false;
    for (int id = 1; id <= World.BATCHES; id++) {
      Batch batch = world.batches[id - 1];
      if (batch.isListed && isOurs(batch)) {
        found = true;
        int adopted = id;
        go("finds batch " + id, Next.RECORD_BATCH, next -> next.workers[n].batch = adopted);
      }
    }
    if (!found) {
      boolean fences = protocol.has(Rule.FENCE) && !me.isFenced;
      Next then = !fences ? Next.GIVE_UP : me.file == 0 ? Next.RECORD_FENCE : Next.FENCE;
      go("finds no batch", then, next -> {});
    }
  }

  private boolean isOurs(Batch batch) {
    return me.file != 0 && batch.file == me.file
        || (!protocol.has(Rule.MATCH_FILE) || me.file == 0) && batch.tag == me.attempt;
  }

  private void poll() {
    switch (world.batches[me.batch - 1].fate) {
      case NEW -> {}
      case RUNNING -> conclude("sees batch %d through".formatted(me.batch), ENDED, row -> {});
      case FAILED ->
          conclude("sees that batch %d failed".formatted(me.batch), READY, row -> row.batch = 0);
    }
  }

  // --------------------------------------------------------------------------------- small help

  private PartitionState inDoubt() {
    return protocol.has(Rule.INTENT) ? RECONCILING : READY;
  }

  /// Something outside the database.
  private void go(String what, Next then, Consumer<World> change) {
    World next = world.copy();
    next.workers[n].next = then;
    change.accept(next);
    listener.move(n, what, next);
  }

  /// `PartitionRepository.record`: the lease is kept.
  private void write(String what, PartitionState to, Consumer<Row> change, Next then) {
    World next = world.copy();
    if (isAllowed(to)) {
      change(next, to, change);
      next.workers[n].next = then;
      next.workers[n].attempt = next.now.attempt;
      listener.move(n, what, next);
    } else {
      next.workers[n].reset();
      listener.move(n, "has lost its lease", next);
    }
  }

  /// `PartitionRepository.conclude`: the lease is given back.
  private void conclude(String what, PartitionState to, Consumer<Row> change) {
    World next = world.copy();
    next.workers[n].reset();
    if (isAllowed(to)) {
      change(next, to, change);
      next.now.isHeld = false;
      listener.move(n, what, next);
    } else {
      listener.move(n, "has lost its lease", next);
    }
  }

  private static void change(World next, PartitionState to, Consumer<Row> change) {
    next.commit();
    boolean wasFenced = next.now.isFenced;
    change.accept(next.now);
    next.now.state = to;
    next.isSettled &= wasFenced || !next.now.isFenced;
  }

  private boolean isAllowed(PartitionState to) {
    boolean holds = world.now.isHeld && world.now.token == me.token;
    boolean isLegal = world.now.state == to ? to == RECONCILING : world.now.state.canBecome(to);
    return (holds || !protocol.has(Rule.TOKEN))
        && (me.timeline == world.timeline || !protocol.has(Rule.TIMELINE))
        && (world.recovery == Recovery.OVER || !protocol.has(Rule.CLOSED))
        && (isLegal || !protocol.has(Rule.INTENT));
  }
}
