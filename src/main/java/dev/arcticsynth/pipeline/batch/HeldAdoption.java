package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.batch.Adoption.Outcome;
import dev.arcticsynth.pipeline.batch.Adoption.Taken;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent.Adopted;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionState;
import dev.arcticsynth.task.Task;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Takes over batches that another client has created of files that we have uploaded and hold.
@ApplicationScoped
class HeldAdoption {

  private static final int PAGE = 1_000;

  private final PartitionRepository partitions;
  private final ForeignBatches foreignBatches;
  private final InstantSource clock;

  HeldAdoption(PartitionRepository partitions, ForeignBatches foreignBatches, InstantSource clock) {
    this.partitions = partitions;
    this.foreignBatches = foreignBatches;
    this.clock = clock;
  }

  Uni<Outcome> run(Task task, Provider provider, List<String> batches) {
    return all(task, -1, new ArrayList<>())
        .chain(all -> {
          Map<String, Partition> held =
              all.stream()
                  .filter(
                      p -> p.state() == PartitionState.UPLOADING && p.remoteFileId().isPresent())
                  .collect(
                      Collectors.toMap(p -> p.remoteFileId().orElseThrow(), p -> p, (a, _) -> a));
          return foreignBatches
              .named(provider, batches)
              .invoke(named -> requireOfOurFiles(named, all))
              .chain(named -> searched(provider, named, held))
              .chain(found -> take(new BatchChoice(found), held));
        });
  }

  /// Another client may have been stopped before it has written down what it created.
  private Uni<List<ListedBatch>> searched(
      Provider provider, List<ListedBatch> named, Map<String, Partition> held) {
    Set<String> left = new LinkedHashSet<>(held.keySet());
    named.forEach(batch -> left.remove(batch.fileId()));
    if (left.isEmpty()) {
      return Uni.createFrom().item(named);
    }
    Instant since =
        held.values().stream()
            .map(Partition::createdAt)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    return foreignBatches
        .made(provider, left, since)
        // A server without a list: these files are ours, and most likely no other client used them.
        .onFailure(ProviderException.class)
        .recoverWithItem(List.of())
        .map(found -> {
          List<ListedBatch> both = new ArrayList<>(named);
          both.addAll(found);
          return both;
        });
  }

  private static void requireOfOurFiles(List<ListedBatch> named, List<Partition> all) {
    Set<String> files =
        all.stream().flatMap(p -> p.remoteFileId().stream()).collect(Collectors.toSet());
    for (ListedBatch batch : named) {
      if (!files.contains(batch.fileId())) {
        throw ForeignBatches.refused(
            "Batch %s was made from file %s, which is not the task's: the task was uploaded before."
                .formatted(batch.id(), batch.fileId()));
      }
    }
  }

  private Uni<Outcome> take(BatchChoice choice, Map<String, Partition> held) {
    return Multi.createFrom()
        .iterable(choice.byFile().values())
        .onItem()
        .transformToUniAndConcatenate(batch ->
            Optional.ofNullable(held.get(batch.fileId()))
                .map(partition -> take(batch, partition, choice))
                .orElseGet(() -> {
                  choice.leave(batch.id(), "was made from a file that has a batch already");
                  return Uni.createFrom().item(Optional.empty());
                }))
        .collect()
        .asList()
        .map(
            taken -> new Outcome(taken.stream().flatMap(Optional::stream).toList(), choice.left()));
  }

  private Uni<Optional<Taken>> take(ListedBatch batch, Partition partition, BatchChoice choice) {
    var adopted =
        new Adopted(batch.id(), batch.fileId(), false, batch.createdAt().orElseGet(clock::instant));
    return partitions
        .adopt(partition.id(), adopted)
        .map(moved -> {
          if (moved.isEmpty()) {
            choice.leave(batch.id(), "came while its partition was on its way; ask again");
          }
          return moved.map(p -> new Taken(batch.id(), batch.fileId(), p.requests()));
        });
  }

  private Uni<List<Partition>> all(Task task, int after, List<Partition> found) {
    return partitions
        .ofTask(task.id(), after, PAGE)
        .chain(page -> {
          found.addAll(page);
          return page.size() < PAGE
              ? Uni.createFrom().item(found)
              : all(task, page.getLast().ordinal(), found);
        });
  }
}
