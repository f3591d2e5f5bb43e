package dev.arcticsynth.task;

import io.vertx.mutiny.sqlclient.Row;

/// Reads what several manifests keep in the same columns.
final class Rows {
  private Rows() {}

  static Seqs seqs(Row row, String countColumn) {
    var gaps = row.getBuffer("seqs");
    return Seqs.read(
        row.getLong("first_seq"),
        row.getInteger(countColumn),
        gaps == null ? null : gaps.getBytes());
  }
}
