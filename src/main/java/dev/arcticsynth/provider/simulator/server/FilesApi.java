package dev.arcticsynth.provider.simulator.server;

import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import dev.arcticsynth.provider.simulator.server.ApiReply.Content;
import dev.arcticsynth.provider.simulator.server.ApiReply.Document;
import dev.arcticsynth.provider.simulator.server.Pages.Query;
import dev.arcticsynth.provider.simulator.server.RequestReader.Upload;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.Disk;
import dev.arcticsynth.provider.simulator.store.FileStore;
import dev.arcticsynth.provider.simulator.store.Ids;
import dev.arcticsynth.provider.simulator.store.Ledger;
import dev.arcticsynth.provider.simulator.store.StateJson;
import dev.arcticsynth.provider.simulator.store.StoredFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The Files half of the wire. Blocks.
final class FilesApi {
  private static final Duration BATCH_FILES_LIVE = Duration.ofDays(30);
  private static final Set<String> PURPOSES =
      Set.of("assistants", "batch", "fine-tune", "vision", "user_data", "evals");

  private final Disk disk;
  private final FileStore files;
  private final Faults faults;
  private final Ledger ledger;
  private final Pages pages;
  private final InstantSource clock;
  private final SimulatorSettings settings;
  private final ApiShape shape;

  FilesApi(
      Disk disk,
      FileStore files,
      Faults faults,
      Ledger ledger,
      SimulatorSettings settings,
      InstantSource clock) {
    this.disk = disk;
    this.files = files;
    this.faults = faults;
    this.ledger = ledger;
    this.pages = new Pages(faults);
    this.clock = clock;
    this.settings = settings;
    this.shape = new ApiShape(settings.dialect());
  }

  ApiReply upload(Upload upload) {
    Instant now = clock.instant();
    try {
      long bytes = upload.filename().isEmpty() ? 0 : Files.size(upload.temporary());
      refuseUnfit(upload, bytes);
      if (faults
          .take(
              Fault.FileTooLarge.class,
              Operation.UPLOAD,
              upload.filename(),
              limit -> bytes > limit.bytes())
          .isPresent()) {
        throw ApiError.of(413, "Request Entity Too Large", null);
      }
      Optional<Fault.UploadTruncated> cut =
          faults.take(Fault.UploadTruncated.class, Operation.UPLOAD, upload.filename());
      if (cut.isPresent()) {
        truncate(upload.temporary(), cut.get());
      }
      Optional<Fault.Unprocessed> slow =
          faults.take(Fault.Unprocessed.class, Operation.UPLOAD, upload.filename());
      StoredFile file =
          new StoredFile(
              "file-" + Ids.next(),
              upload.filename(),
              upload.field("purpose"),
              bytes,
              now,
              expiry(upload, now),
              now.plus(slow.map(Fault.Unprocessed::by).orElse(settings.processing())),
              slow.map(Fault.Unprocessed::isSpoilt).orElse(false));
      files.add(file, upload.temporary());
      record("file_uploaded", file);
      return new Document(file.wire(now));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      disk.remove(upload.temporary());
    }
  }

  /// Of an upload that is not to have an effect.
  void forget(Upload upload) {
    disk.remove(upload.temporary());
  }

  ApiReply list(Query query) {
    Instant now = clock.instant();
    Instant youngest = pages.youngest(Operation.LIST_FILES, now);
    var found =
        files
            .list(
                query.newestFirst(),
                query.after(),
                file ->
                    file.isThere(now)
                        && !file.createdAt().isAfter(youngest)
                        && query.purpose().orElse(file.purpose()).equals(file.purpose()),
                query.limit() + 1)
            .stream()
            .map(file -> file.wire(now))
            .toList();
    return new Document(pages.page(Operation.LIST_FILES, found, query.limit()));
  }

  ApiReply retrieve(String id) {
    return new Document(files.get(id, clock.instant()).wire(clock.instant()));
  }

  ApiReply content(String id) {
    StoredFile file = files.get(id, clock.instant());
    return faults
        .take(Fault.WrongFile.class, Operation.CONTENT, id + " " + file.filename())
        .map(wrong -> content(files.get(wrong.fileId(), clock.instant())))
        .orElseGet(() -> content(file));
  }

  private ApiReply content(StoredFile file) {
    return new Content(file, disk.content(file.id()));
  }

  ApiReply delete(String id) {
    StoredFile file = files.get(id, clock.instant());
    files.delete(file, clock.instant());
    record("file_deleted", file);
    return new Document(
        StateJson.object().put("id", id).put("object", "file").put("deleted", true));
  }

  private void refuseUnfit(Upload upload, long bytes) {
    String purpose = upload.field("purpose");
    if (!PURPOSES.contains(purpose)) {
      throw ApiError.invalid("'%s' is not one of %s".formatted(purpose, PURPOSES), "purpose");
    }
    if (upload.filename().isEmpty()) {
      throw ApiError.invalid("'file' is a required property", "file");
    }
    if (settings.dialect() == SimulatedApi.AZURE && upload.type().isEmpty()) {
      throw ApiError.of(400, "The part 'file' has no Content-Type.", "invalidPayload");
    }
    if (purpose.equals("batch") && !upload.filename().endsWith(".jsonl")) {
      throw ApiError.of(400, "Invalid file format for Batch API. Must be .jsonl", null);
    }
    if (purpose.equals("batch") && bytes > settings.maxFileBytes()) {
      throw ApiError.of(
          413,
          "File is larger than the maximum of %d bytes.".formatted(settings.maxFileBytes()),
          null);
    }
  }

  private @Nullable Instant expiry(Upload upload, Instant now) {
    String anchor = shape.field(upload, "expires_after", "anchor");
    String seconds = shape.field(upload, "expires_after", "seconds");
    if (anchor.isEmpty() && seconds.isEmpty()) {
      return upload.field("purpose").equals("batch") && settings.dialect() == SimulatedApi.OPENAI
          ? now.plus(BATCH_FILES_LIVE)
          : null;
    }
    if (!anchor.equals("created_at")) {
      throw ApiError.invalid("Only 'created_at' is a valid anchor.", "expires_after[anchor]");
    }
    int least = shape.leastExpiry();
    if (!seconds.matches("\\d{4,7}")
        || Integer.parseInt(seconds) < least
        || Integer.parseInt(seconds) > 2_592_000) {
      throw ApiError.invalid(
          "Must be between %d and 2592000.".formatted(least), "expires_after[seconds]");
    }
    return now.plusSeconds(Long.parseLong(seconds));
  }

  private static void truncate(Path path, Fault.UploadTruncated cut) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long kept = (long) (file.length() * cut.keep());
      file.seek(kept);
      if (cut.atLineEnd()) {
        String _ = file.readLine();
        kept = file.getFilePointer();
      }
      file.setLength(kept);
    }
  }

  private void record(String event, StoredFile file) {
    ledger.append(
        clock.instant(),
        event,
        StateJson.object()
            .put("file", file.id())
            .put("filename", file.filename())
            .put("purpose", file.purpose())
            .put("bytes", file.bytes()));
  }
}
