package dev.arcticsynth.pipeline;

import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;

/// Makes the database write another timeline, as a standby does that was promoted.
final class FailOver {

  static final String NEXT = "0000000A";

  private FailOver() {}

  static void to(Pool pool, String timeline) {
    run(
        pool,
        "CREATE OR REPLACE FUNCTION wal_timeline() RETURNS text LANGUAGE sql STABLE AS $$ SELECT '%s'::text $$"
            .formatted(timeline));
  }

  static void undo(Pool pool) {
    run(
        pool,
        """
        CREATE OR REPLACE FUNCTION wal_timeline() RETURNS text LANGUAGE sql STABLE AS
          $$ SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) $$\
        """);
  }

  private static void run(Pool pool, String sql) {
    var _ = pool.query(sql).execute().await().atMost(Duration.ofSeconds(20));
  }
}
