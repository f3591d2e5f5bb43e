package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.pipeline.batch.Adoption.Outcome;
import dev.arcticsynth.pipeline.batch.Adoption.Taken;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.AdoptedBatches.AdoptedBatch;
import dev.arcticsynth.task.Partition;
import dev.arcticsynth.task.PartitionEvent.Adopted;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.PartitionState;
import dev.arcticsynth.task.Task;
import dev.arcticsynth.task.TaskException.AdoptionRefusedException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Takes over batches that another client has created of files that we have uploaded and hold, or
/// of its own files with the same requests.
@ApplicationScoped
class HeldAdoption {

  private final PartitionRepository partitions;
  private final ForeignBatches foreignBatches;
  private final FileComparison fileComparison;
  private final InstantSource clock;

  HeldAdoption(
      PartitionRepository partitions,
      ForeignBatches foreignBatches,
      FileComparison fileComparison,
      InstantSource clock) {
    this.fileComparison = fileComparison;
    this.partitions = partitions;
    this.foreignBatches = foreignBatches;
    this.clock = clock;
  }

  Uni<Outcome> run(Task task, Provider provider, List<String> batches) {
    return partitions
        .allOf(task.id())
        .chain(all -> {
          Map<String, Partition> held =
              all.stream()
                  .filter(
                      p -> p.state() == PartitionState.UPLOADING && p.remoteFileId().isPresent())
                  .collect(
                      Collectors.toMap(p -> p.remoteFileId().orElseThrow(), p -> p, (a, _) -> a));
          Set<String> ours =
              all.stream().flatMap(p -> p.remoteFileId().stream()).collect(Collectors.toSet());
          return foreignBatches
              .named(provider, batches)
              .chain(named -> {
                var ofOurs = named.stream().filter(b -> ours.contains(b.fileId())).toList();
                var others =
                    new BatchChoice(
                        named.stream().filter(b -> !ours.contains(b.fileId())).toList());
                return fileComparison
                    .all(task, provider, others.byFile().values())
                    .chain(found ->
                        searched(provider, ofOurs, held)
                            .chain(ofFiles -> take(new BatchChoice(ofFiles), held, found, others)));
              });
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

  private Uni<Outcome> take(
      BatchChoice choice,
      Map<String, Partition> held,
      List<AdoptedBatch> others,
      BatchChoice ofOthers) {
    // Found for all of them before the first is taken.
    Map<Partition, Adopted> wanted = new LinkedHashMap<>();
    choice
        .byFile()
        .values()
        .forEach(batch -> {
          Partition partition = held.get(batch.fileId());
          if (partition == null) {
            choice.leave(batch.id(), "was made from a file that has a batch already");
          } else {
            wanted.put(
                partition,
                new Adopted(
                    batch.id(),
                    batch.fileId(),
                    false,
                    batch.createdAt().orElseGet(clock::instant)));
          }
        });
    for (AdoptedBatch batch : others) {
      Partition partition =
          held.values().stream()
              .filter(batch::isOfSameRequests)
              .filter(p -> !wanted.containsKey(p))
              .findFirst()
              .orElseThrow(() -> notHeld(batch));
      wanted.put(partition, new Adopted(batch.batchId(), batch.fileId(), true, batch.createdAt()));
    }
    return Multi.createFrom()
        .iterable(wanted.entrySet())
        .onItem()
        .transformToUniAndConcatenate(entry -> take(entry.getKey(), entry.getValue()))
        .collect()
        .asList()
        .map(taken -> {
          Map<String, String> left = new TreeMap<>(choice.left());
          left.putAll(ofOthers.left());
          return new Outcome(taken, left);
        });
  }

  private static AdoptionRefusedException notHeld(AdoptedBatch batch) {
    return ForeignBatches.refused(
        "Batch %s has requests of the task that are on their way already, or cut in another way."
            .formatted(batch.batchId()));
  }

  /// A partition that has moved on must not be taken for one without a batch.
  private Uni<Taken> take(Partition partition, Adopted adopted) {
    return partitions
        .adopt(partition.id(), adopted)
        .map(moved ->
            moved
                .map(p -> new Taken(adopted.batchId(), adopted.fileId(), p.requests()))
                .orElseThrow(() ->
                    ForeignBatches.refused(
                        "Batch %s is for requests that are on their way; ask again."
                            .formatted(adopted.batchId()))));
  }
}
