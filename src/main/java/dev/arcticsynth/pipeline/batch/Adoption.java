package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.AdoptedBatches;
import dev.arcticsynth.task.AdoptedBatches.AdoptedBatch;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskException.AdoptionRefusedException;
import dev.arcticsynth.task.TaskRepository;
import dev.arcticsynth.task.TaskState;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Takes over batches that another client has created for a task's requests, so that they are not
/// paid for again (`docs/RELIABILITY.md#batches-of-another-client`).
///
/// What is taken over is proved first, by the file that the batch was made from. All that follows
/// from it is one transaction, so that it may be asked again after any interruption.
@ApplicationScoped
public class Adoption {

  private final TaskRepository tasks;
  private final ForeignBatches foreignBatches;
  private final HeldAdoption heldAdoption;
  private final AdoptedBatches adoptedBatches;
  private final FileComparison fileComparison;
  private final Providers providers;
  private final Split split;

  Adoption(
      TaskRepository tasks,
      ForeignBatches foreignBatches,
      HeldAdoption heldAdoption,
      AdoptedBatches adoptedBatches,
      FileComparison fileComparison,
      Providers providers,
      Split split) {
    this.fileComparison = fileComparison;
    this.tasks = tasks;
    this.foreignBatches = foreignBatches;
    this.heldAdoption = heldAdoption;
    this.adoptedBatches = adoptedBatches;
    this.providers = providers;
    this.split = split;
  }

  /// What another client has left.
  ///
  /// @param files that it has uploaded; batches that were made from them are searched for
  /// @param batches that it has created
  public record Ids(Set<String> files, Set<String> batches) {
    public Ids {
      files = new LinkedHashSet<>(files);
      batches = new LinkedHashSet<>(batches);
    }
  }

  /// @param taken the batches that belong to the task from now on
  /// @param left batch ids with the reason why they do not
  public record Outcome(List<Taken> taken, Map<String, String> left) {
    public Outcome {
      taken = List.copyOf(taken);
    }
  }

  public record Taken(String batchId, String fileId, int requests) {}

  /// Of an open task: seals it, and cuts it so that these batches are partitions of it; the others
  /// are uploaded and held. Of one that is held after its upload: its files' batches. Idempotent;
  /// ids that are the task's own already are no news. Fails with [AdoptionRefusedException] where
  /// the batches do not belong to the task, and changes nothing then.
  public Uni<Outcome> run(String owner, String name, Ids ids) {
    return tasks.get(owner, name).chain(task -> run(task, provider(task), ids));
  }

  private Uni<Outcome> run(Task task, Provider provider, Ids ids) {
    return adoptedBatches
        .tasksOf(task.provider(), ids.batches())
        .chain(known -> {
          known.forEach((batch, owner) -> requireOurs(task, batch, owner));
          List<String> others =
              ids.batches().stream().filter(batch -> !known.containsKey(batch)).toList();
          return task.state() == TaskState.OPEN
              ? ofOpen(task, provider, others, ids.files())
              : heldAdoption.run(task, provider, others);
        });
  }

  private static void requireOurs(Task task, String batch, String owner) {
    if (!owner.equals(task.name())) {
      throw refused("Batch %s belongs to task '%s'.".formatted(batch, owner));
    }
  }

  private Uni<Outcome> ofOpen(
      Task task, Provider provider, List<String> batches, Set<String> files) {
    return foreignBatches
        .named(provider, batches)
        .chain(named -> {
          Set<String> left = new LinkedHashSet<>(files);
          named.forEach(batch -> left.remove(batch.fileId()));
          return left.isEmpty()
              ? Uni.createFrom().item(named)
              : foreignBatches
                  .madeOf(provider, left)
                  .map(found -> {
                    var all = new ArrayList<>(named);
                    all.addAll(found);
                    return all;
                  });
        })
        .chain(found -> take(task, provider, new BatchChoice(found)));
  }

  private Uni<Outcome> take(Task task, Provider provider, BatchChoice choice) {
    return choice.byFile().isEmpty()
        ? Uni.createFrom().item(new Outcome(List.of(), choice.left()))
        : fileComparison
            .all(task, provider, choice.byFile().values())
            .chain(found -> cut(task, provider, withoutOverlap(found, choice), choice));
  }

  /// The earlier one counts where two batches have the same requests.
  private static List<AdoptedBatch> withoutOverlap(List<AdoptedBatch> found, BatchChoice choice) {
    List<AdoptedBatch> kept = new ArrayList<>();
    for (AdoptedBatch batch : found) {
      Optional<AdoptedBatch> other = kept.stream().filter(batch::overlaps).findFirst();
      if (other.isEmpty()) {
        kept.add(batch);
      } else if (other.get().isOfSameRequests(batch)) {
        choice.leave(batch.batchId(), "has the requests of batch " + other.get().batchId());
      } else {
        throw refused(
            "Batches %s and %s share some of their requests, but not all."
                .formatted(other.get().batchId(), batch.batchId()));
      }
    }
    return kept;
  }

  private Uni<Outcome> cut(
      Task task, Provider provider, List<AdoptedBatch> batches, BatchChoice choice) {
    var taken = new BitSet();
    Map<PartitionLine, BitSet> byLine = new HashMap<>();
    for (AdoptedBatch batch : batches) {
      byLine.computeIfAbsent(PartitionLine.of(batch), _ -> taken(batch)).or(taken(batch));
    }
    return split
        .rest(
            task,
            provider,
            (chunk, seq) ->
                !byLine
                    .getOrDefault(new PartitionLine(chunk.model(), chunk.endpoint()), taken)
                    .get(Math.toIntExact(seq)))
        .chain(rest -> adoptedBatches.cut(task, batches, rest))
        .map(_ ->
            new Outcome(
                batches.stream()
                    .map(b -> new Taken(b.batchId(), b.fileId(), b.cut().requests()))
                    .toList(),
                choice.left()));
  }

  private static BitSet taken(AdoptedBatch batch) {
    var seqs = new BitSet();
    seqs.set(Math.toIntExact(batch.cut().firstSeq()), Math.toIntExact(batch.cut().lastSeq()) + 1);
    return seqs;
  }

  /// Numbers of other models lie between those of a batch.
  private record PartitionLine(String model, String endpoint) {
    static PartitionLine of(AdoptedBatch batch) {
      return new PartitionLine(batch.cut().model(), batch.cut().endpoint());
    }
  }

  private Provider provider(Task task) {
    return providers
        .find(task.provider())
        .orElseThrow(() ->
            refused("Provider %s is not configured in this process.".formatted(task.provider())));
  }

  private static AdoptionRefusedException refused(String why) {
    return new AdoptionRefusedException(why);
  }
}
