package dev.arcticsynth.task;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Reads and writes what several tables keep in the same columns.
final class Rows {
  private Rows() {}

  static Seqs seqs(Row row, String countColumn) {
    var gaps = row.getBuffer("seqs");
    return Seqs.read(
        row.getLong("first_seq"),
        row.getInteger(countColumn),
        gaps == null ? null : gaps.getBytes());
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
