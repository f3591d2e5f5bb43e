package dev.arcticsynth.cli.python;

import dev.arcticsynth.api.model.AdoptionView;
import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Formats;
import java.util.List;

/// Takes over what another client, such as the Python client, has submitted from this folder:
/// before anything is sent, since it would be paid for again.
record AdoptStep(StepTask step) {

  /// Fails where the folder names batches that do not belong to the requests.
  ///
  /// @return whether the task has changed
  boolean run() {
    return !FolderIds.of(step.folder()).isEmpty() && run(step.look());
  }

  boolean run(TaskSnapshot look) {
    FolderIds others = FolderIds.of(step.folder()).without(look.partitions());
    boolean isOpen = look.task().state().equals("open");
    boolean mayHaveSome = isOpen ? !others.isEmpty() : look.isHeld() || !others.batches().isEmpty();
    if (look.isOver() || !mayHaveSome) {
      return false;
    }
    AdoptionView adoption = asked(isOpen ? others : new FolderIds(List.of(), others.batches()));
    say(adoption);
    return !adoption.adopted().isEmpty();
  }

  private AdoptionView asked(FolderIds ids) {
    try (var _ = step.context().phases().begin("Comparing the batches of this folder")) {
      return step.context().patience().ask(() -> step.client().adopt(step.name(), ids.toAdopt()));
    } catch (Failure.Refused refused) {
      throw new Failure.Usage(
          "%s names batches that cannot be taken over, and new ones would pay for the requests again. %s Pass the credentials of the account that they are on; or, if they have nothing to do with these requests, move file_ids.txt and batch_ids.txt away."
              .formatted(step.folder().path(), refused.sentence()));
    }
  }

  private void say(AdoptionView adoption) {
    int batches = adoption.adopted().size();
    if (batches > 0) {
      long requests =
          adoption.adopted().stream().mapToLong(AdoptionView.AdoptedView::requests).sum();
      step.say(
          "Task %s: %s with %s of another client %s taken over; nothing is paid again."
              .formatted(
                  step.folder().task(),
                  Formats.count(batches, "batch", "batches"),
                  Formats.count(requests, "request"),
                  Formats.are(batches)));
    }
    adoption
        .left()
        .forEach(left ->
            step.say("Batch %s is left alone: it %s.".formatted(left.batchId(), left.reason())));
  }
}
