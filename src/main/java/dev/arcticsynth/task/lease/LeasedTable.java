package dev.arcticsynth.task.lease;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A table whose rows are leased: each has `lease_token`, `lease_owner`, `lease_until`, `due_at`
/// and an `id` that a [Claim] names.
enum LeasedTable {
  PROVIDER_ACCOUNT(Claim.Kind.ACCOUNT, "provider"),
  PARTITION(Claim.Kind.PARTITION, "id"),
  TASK(Claim.Kind.TASK, "id"),
  DELIVERY(Claim.Kind.DELIVERY, "id");

  private final Claim.Kind kind;
  private final String key;

  LeasedTable(Claim.Kind kind, String key) {
    this.kind = kind;
    this.key = key;
  }

  /// The SQL once for each table, joined: `{table}`, `{key}` (the primary key) and `{kind}` (of its
  /// claims) are filled in.
  static String each(String sql, String separator) {
    return Stream.of(values()).map(table -> table.in(sql)).collect(Collectors.joining(separator));
  }

  private String in(String sql) {
    return sql.replace("{table}", name().toLowerCase(java.util.Locale.ROOT))
        .replace("{key}", key)
        .replace("{kind}", kind.name());
  }
}
