package dev.arcticsynth.pipeline.batch;

import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.task.TaskException.AdoptionRefusedException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Looks for batches of other clients at a provider.
@ApplicationScoped
class ForeignBatches {

  /// Clocks differ, and lists may be sorted by theirs.
  private static final Duration CLOCK_SLACK = Duration.ofMinutes(10);

  /// No provider keeps uploads for longer.
  private static final Duration FILES_KEPT = Duration.ofDays(31);

  private final InstantSource clock;

  ForeignBatches(InstantSource clock) {
    this.clock = clock;
  }

  /// All batches over these files since the oldest of them was uploaded.
  Uni<List<ListedBatch>> madeOf(Provider provider, Set<String> files) {
    return oldest(provider, files).chain(since -> made(provider, files, since));
  }

  Uni<List<ListedBatch>> named(Provider provider, Collection<String> ids) {
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(id ->
            provider
                .batch(id)
                .map(found ->
                    found.orElseThrow(() ->
                        refused(
                            "Provider %s has no batch %s: it is of another account, or deleted."
                                .formatted(provider.name(), id)))))
        .collect()
        .asList();
  }

  Uni<List<ListedBatch>> made(Provider provider, Set<String> files, Instant since) {
    return provider
        .batches(since.minus(CLOCK_SLACK))
        .onItem()
        .transformToMultiAndConcatenate(Multi.createFrom()::iterable)
        .filter(batch -> files.contains(batch.fileId()))
        .collect()
        .asList();
  }

  private Uni<Instant> oldest(Provider provider, Set<String> files) {
    Instant longAgo = clock.instant().minus(FILES_KEPT);
    return Multi.createFrom()
        .iterable(files)
        .onItem()
        .transformToUniAndConcatenate(provider::file)
        .map(file -> file.flatMap(ListedFile::createdAt).orElse(longAgo))
        .collect()
        .asList()
        .map(times -> times.stream().min(Comparator.naturalOrder()).orElse(longAgo));
  }

  static AdoptionRefusedException refused(String why) {
    return new AdoptionRefusedException(why);
  }
}
