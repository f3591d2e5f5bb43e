package dev.arcticsynth.task;

import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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

  /// A whole number as Hibernate hands it over, whatever its type in the database.
  static OptionalLong number(@Nullable Object value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(((Number) value).longValue());
  }

  static Optional<Instant> instant(@Nullable Object value) {
    return value instanceof OffsetDateTime time
        ? Optional.of(time.toInstant())
        : Optional.ofNullable((Instant) value);
  }

  /// For statements: Hibernate and the driver both take it for what it is.
  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
