package dev.arcticsynth.provider.simulator.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.home.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The simulator's record of what it did and billed, whatever its replies were: evidence for tests.
/// Append-only; one line an event.
public final class Ledger {
  private final Disk disk;

  public Ledger(Disk disk) {
    this.disk = disk;
  }

  /// Reads what simulators over this directory wrote, also when none of them runs any more.
  public static Ledger at(Path dir) {
    return new Ledger(new Disk(dir));
  }

  /// One thing that happened; `detail` is the whole line.
  public record Entry(Instant at, String event, JsonNode detail) {}

  /// A create that started a batch.
  public record Started(String batch, String inputFileId, Map<String, String> metadata) {}

  /// Oldest first.
  public List<Entry> entries() {
    try {
      if (!Files.exists(disk.ledger())) {
        return List.of();
      }
      List<Entry> entries = new ArrayList<>();
      for (String line : Files.readAllLines(disk.ledger(), StandardCharsets.UTF_8)) {
        JsonNode detail = StateJson.MAPPER.readTree(line);
        entries.add(
            new Entry(
                Instant.parse(detail.path("at").asText()), detail.path("event").asText(), detail));
      }
      return List.copyOf(entries);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<Started> started() {
    return entries().stream()
        .filter(entry -> entry.event().equals("batch_created"))
        .map(entry -> started(entry.detail()))
        .toList();
  }

  /// The custom ids that each batch billed; a batch that billed nothing is not in it.
  public Map<String, List<String>> billed() {
    Map<String, List<String>> billed = new LinkedHashMap<>();
    for (String batch : disk.billed().reversed()) {
      billed.put(batch, customIds(batch));
    }
    return billed;
  }

  /// One write a line: appends of several processes do not mix.
  public void append(Instant at, String event, ObjectNode detail) {
    ObjectNode line = StateJson.object().put("at", at.toString()).put("event", event);
    line.setAll(detail);
    byte[] bytes =
        (new String(StateJson.bytes(line), StandardCharsets.UTF_8) + "\n")
            .getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        PrivateFiles.open(disk.ledger(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      int _ = channel.write(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> customIds(String batch) {
    try {
      List<String> ids = new ArrayList<>();
      for (String line : Files.readAllLines(disk.billed(batch), StandardCharsets.UTF_8)) {
        ids.add(StateJson.MAPPER.readValue(line, String.class));
      }
      return List.copyOf(ids);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Started started(JsonNode detail) {
    Map<String, String> metadata = new LinkedHashMap<>();
    detail
        .path("metadata")
        .properties()
        .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
    return new Started(
        detail.path("batch").asText(), detail.path("input_file_id").asText(), metadata);
  }
}
