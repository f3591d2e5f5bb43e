package dev.arcticsynth.model;

import static dev.arcticsynth.task.PartitionState.*;

import dev.arcticsynth.model.Batch.Fate;
import dev.arcticsynth.model.Worker.Next;
import dev.arcticsynth.model.World.File;
import dev.arcticsynth.model.World.Recovery;
import dev.arcticsynth.task.PartitionState;
import java.util.Set;

/// What can happen outside the workers: calls arrive, in any order and as late as may be, batches
/// begin, lists catch up, the database fails over, and the account is recovered after that.
final class WorldMoves {

  /// In these a file on record may be used by a create, or was.
  private static final Set<PartitionState> KNOWN = Set.of(CREATING, RECONCILING, SUBMITTED, ENDED);

  private final Protocol protocol;
  private final World world;
  private final MoveListener listener;

  WorldMoves(Protocol protocol, World world, MoveListener listener) {
    this.protocol = protocol;
    this.world = world;
    this.listener = listener;
  }

  void all() {
    for (int n = 0; n < World.CALLS; n++) {
      if (world.calls[n] != 0) {
        arrives(n);
      }
    }
    for (int id = 1; id <= World.BATCHES; id++) {
      provider(id);
    }
    for (int file = 1; file <= World.FILES; file++) {
      if (world.files[file] == File.NEW) {
        World next = world.copy();
        next.files[file] = File.THERE;
        happens("file %d is listed".formatted(file), next);
      }
    }
    boolean waits = world.now.isFenced || world.recovery == Recovery.WAITS_FOR_BATCHES;
    if (waits && !world.isSettled && protocol.has(Rule.SETTLE)) {
      World next = world.copy();
      next.settle();
      happens("the settle time is over", next);
    }
    failOver();
    recover();
  }

  // ---------------------------------------------------------------------------- the provider

  /// The answer reaches a worker that still waits for it, or gets lost.
  private void arrives(int n) {
    int file = world.calls[n] / 4;
    int tag = world.calls[n] % 4;
    World refused = world.copy();
    refused.calls[n] = 0;
    if (world.files[file].isReadable()) {
      World accepted = world.copy();
      accepted.calls[n] = 0;
      int batch = accepted.accept(file, tag, !protocol.has(Trouble.LIST_LAG));
      if (batch > 0) {
        happens("the create of file %d makes batch %d".formatted(file, batch), accepted);
        answer(accepted, file, Next.RECORD_BATCH, batch);
      }
    } else {
      happens("the create of file %d comes too late".formatted(file), refused);
    }
    answer(refused, file, Next.RECORD_REFUSAL, 0);
  }

  private void answer(World arrived, int file, Next then, int batch) {
    for (int n = 0; n < arrived.workers.length; n++) {
      if (arrived.workers[n].next == Next.WAIT && arrived.workers[n].file == file) {
        World next = arrived.copy();
        next.workers[n].next = then;
        next.workers[n].batch = batch;
        happens(
            batch == 0
                ? "the create of file %d is refused".formatted(file)
                : "the create of file %d makes batch %d, and its sender has the reply"
                    .formatted(file, batch),
            next);
        return;
      }
    }
  }

  private void provider(int id) {
    Batch batch = world.batches[id - 1];
    if (batch.exists() && batch.fate == Fate.NEW) {
      World next = world.copy();
      next.batches[id - 1].fate = Fate.RUNNING;
      happens("batch %d begins to cost money".formatted(id), next);
    }
    if (batch.exists() && !batch.isListed) {
      World next = world.copy();
      next.batches[id - 1].isListed = true;
      happens("batch %d is listed".formatted(id), next);
    }
  }

  // --------------------------------------------------------------------------------- fail-over

  private void failOver() {
    for (int lost = 1; lost <= World.LOSABLE && world.failOversLeft > 0; lost++) {
      if (world.past[lost - 1].isThere) {
        World next = world.copy();
        next.failOver(lost);
        next.recovery = protocol.has(Rule.RECOVERY) ? Recovery.WAITS_FOR_FILES : Recovery.OVER;
        happens("the database fails over and has lost %d commits".formatted(lost), next);
      }
    }
  }

  /// Its steps can be done again, so that it may die anywhere; the model does without that.
  private void recover() {
    World next = world.copy();
    switch (world.recovery) {
      case OVER -> {}
      case WAITS_FOR_FILES -> {
        next.recovery = Recovery.DELETES_FILES;
        if (protocol.has(Rule.SETTLE_FILES)) {
          next.settleFiles();
        }
        happens("the recovery begins", next);
      }
      case DELETES_FILES -> {
        next.recovery = Recovery.WAITS_FOR_BATCHES;
        next.isSettled = false;
        for (int file = 1; file <= World.FILES; file++) {
          boolean isKnown = file == world.now.file && KNOWN.contains(world.now.state);
          if (world.files[file] == File.THERE && !isKnown) {
            next.delete(file);
            if (file == world.now.file && world.now.state == UPLOADING) {
              next.now.state = READY;
              next.now.isHeld = false;
            }
          }
        }
        happens("the recovery deletes files without a record", next);
      }
      case WAITS_FOR_BATCHES -> {
        if (world.isSettled || !protocol.has(Rule.SETTLE)) {
          next.recovery = Recovery.ADOPTS;
          happens("the recovery lists batches", next);
        }
      }
      case ADOPTS -> adopt();
    }
  }

  private void adopt() {
    World next = world.copy();
    next.recovery = Recovery.OVER;
    for (int id = 1; id <= World.BATCHES; id++) {
      Batch batch = world.batches[id - 1];
      boolean isKnown =
          id == world.now.batch || batch.file == world.now.file && KNOWN.contains(world.now.state);
      boolean mayAdopt = protocol.has(Rule.RECOVER_BY_PARTITION) || batch.tag == world.now.attempt;
      if (batch.isListed && batch.fate != Fate.FAILED && !isKnown && mayAdopt) {
        next.now.state = SUBMITTED;
        next.now.attempt = batch.tag;
        next.now.file = batch.file;
        next.now.batch = id;
        next.now.isFenced = false;
        next.now.isHeld = false;
      }
    }
    happens("the recovery is over: " + next.now, next);
  }

  private void happens(String what, World next) {
    listener.move(MoveListener.OUTSIDE, what, next);
  }
}
