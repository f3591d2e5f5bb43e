package dev.arcticsynth.task.sql;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Maps columns that several tables share.
public final class RowMapping {
  private RowMapping() {}

  /// An integer as Hibernate returns it, whatever its type in the database.
  public static OptionalLong number(@Nullable Object value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(((Number) value).longValue());
  }

  public static Optional<Instant> instant(@Nullable Object value) {
    return value instanceof OffsetDateTime time
        ? Optional.of(time.toInstant())
        : Optional.ofNullable((Instant) value);
  }

  /// For parameters: Hibernate and the driver both bind it correctly.
  public static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
