package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.run.BatchLifecycle;
import dev.arcticsynth.provider.simulator.server.ApiReply.Document;
import dev.arcticsynth.provider.simulator.server.Pages.Query;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.Disk;
import dev.arcticsynth.provider.simulator.store.Ids;
import dev.arcticsynth.provider.simulator.store.StateJson;
import dev.arcticsynth.provider.simulator.store.StoredBatch;
import dev.arcticsynth.provider.simulator.store.StoredBatch.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/// The Batches half of the wire. Blocks.
final class BatchesApi {
  private final Disk disk;
  private final BatchLifecycle life;
  private final Faults faults;
  private final Pages pages;
  private final SimulatorSettings settings;
  private final InstantSource clock;

  BatchesApi(
      Disk disk,
      BatchLifecycle life,
      Faults faults,
      SimulatorSettings settings,
      InstantSource clock) {
    this.disk = disk;
    this.life = life;
    this.faults = faults;
    this.pages = new Pages(faults);
    this.settings = settings;
    this.clock = clock;
  }

  ApiReply create(byte[] body) {
    CreateBatch create = CreateBatch.of(StateJson.parse(body), settings.dialect());
    Instant now = clock.instant();
    Duration longer =
        faults
            .take(Fault.SlowBatch.class, Operation.CREATE, create.inputFileId() + create.metadata())
            .map(Fault.SlowBatch::by)
            .orElse(Duration.ZERO);
    StoredBatch batch =
        life.start(
            new StoredBatch(
                "batch_" + Ids.next(),
                create.endpoint(),
                create.inputFileId(),
                create.metadata(),
                create.outputExpiresAfter(),
                settings.plan(now, longer),
                null,
                null,
                null));
    return new Document(BatchView.of(batch, Status.VALIDATING, now));
  }

  ApiReply list(Query query) {
    Instant now = clock.instant();
    Instant youngest = pages.youngest(Operation.LIST_BATCHES, now);
    Predicate<StoredBatch> isListed = batch -> !batch.plan().createdAt().isAfter(youngest);
    var found =
        disk.batches().stream()
            .filter(id -> query.after().isEmpty() || id.compareTo(query.after()) < 0)
            .map(life::observe)
            .filter(isListed)
            .limit(query.limit() + 1L)
            .map(batch -> BatchView.of(batch, now))
            .toList();
    return new Document(pages.page(Operation.LIST_BATCHES, found, query.limit()));
  }

  ApiReply retrieve(String id) {
    StoredBatch batch = life.observe(id);
    Instant now = clock.instant();
    Status status = batch.status(now);
    Optional<Fault.OnView> fault =
        faults.take(
            Fault.OnView.class, Operation.RETRIEVE, batch.subject(), view -> fits(view, status));
    return new Document(
        fault.map(view -> shown(view, batch, now)).orElseGet(() -> BatchView.of(batch, now)));
  }

  ApiReply cancel(String id) {
    return new Document(BatchView.of(life.cancel(id), Status.CANCELLING, clock.instant()));
  }

  private static boolean fits(Fault.OnView fault, Status status) {
    return switch (fault) {
      case Fault.Regress _ -> status.isTerminal();
      case Fault.CompletedWithoutOutputFile _ -> status == Status.COMPLETED;
      case Fault.StuckIn _, Fault.UnknownStatus _, Fault.WrongCounts _, Fault.Vanished _ -> true;
    };
  }

  private static ObjectNode shown(Fault.OnView fault, StoredBatch batch, Instant now) {
    return switch (fault) {
      case Fault.StuckIn(String status) ->
          BatchView.of(batch, Status.valueOf(status.toUpperCase(java.util.Locale.ROOT)), now);
      case Fault.Regress _ -> BatchView.of(batch, Status.IN_PROGRESS, now);
      case Fault.UnknownStatus(String status) -> BatchView.of(batch, now).put("status", status);
      case Fault.WrongCounts _ -> wrongCounts(BatchView.of(batch, now));
      case Fault.CompletedWithoutOutputFile _ -> BatchView.of(batch, now).putNull("output_file_id");
      case Fault.Vanished _ -> throw ApiError.notFound("Batch object", batch.id());
    };
  }

  private static ObjectNode wrongCounts(ObjectNode view) {
    JsonNode counts = Objects.requireNonNull(view.get("request_counts"));
    int total = counts.path("total").asInt();
    view.putObject("request_counts")
        .put("total", total + 7)
        .put("completed", total + 7)
        .put("failed", 3);
    return view;
  }
}
