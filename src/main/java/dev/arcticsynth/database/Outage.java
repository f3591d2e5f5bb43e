package dev.arcticsynth.database;

import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Failures of the database that are nobody's mistake and that pass.
///
/// Whether a transaction that failed so was committed is not known: its last answer may be what was
/// lost. Who acts on what it wrote must read it again first.
public enum Outage {
  /// No connection, or one that broke.
  UNREACHABLE,
  /// It answers, and cannot do it now: it starts or stops, is read-only, has no connection or
  /// memory left, or a lock was held or a statement ran for too long.
  BUSY,
  /// Its disk is full.
  FULL;

  /// Which one a failure is, if any.
  public static Optional<Outage> of(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException refused) {
        return ofState(String.valueOf(refused.getSqlState()));
      }
      if (isBroken(cause)) {
        return Optional.of(UNREACHABLE);
      }
    }
    return Optional.empty();
  }

  /// What the deepest cause says, for a log.
  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  // https://www.postgresql.org/docs/18/errcodes-appendix.html
  private static Optional<Outage> ofState(String state) {
    return switch (state) {
      case "53100" -> Optional.of(FULL);
      // Read-only; lock_timeout; statement_timeout or an administrator's cancel; idle in
      // transaction.
      case "25006", "55P03", "57014", "25P03", "25P04" -> Optional.of(BUSY);
      // A deadlock, or two that changed the same.
      case "40001", "40P01" -> Optional.of(BUSY);
      default ->
          state.startsWith("53") || state.startsWith("57P") || state.startsWith("58")
              ? Optional.of(BUSY)
              : state.startsWith("08") ? Optional.of(UNREACHABLE) : Optional.empty();
    };
  }

  private static boolean isBroken(Throwable cause) {
    return cause instanceof ClosedConnectionException
        || cause instanceof SocketException
        || cause instanceof UnknownHostException
        || cause instanceof ClosedChannelException
        || says(cause, "Connection reset")
        || says(cause, "Broken pipe")
        || (cause instanceof VertxException && says(cause, "Connection"))
        // The pool: no connection became free, or could be made, in time.
        || says(cause, "Timeout waiting for connection")
        || says(cause, "Connection is closed")
        || says(cause, "Connection is not active now")
        || says(cause, "Pool closed");
  }

  private static boolean says(Throwable cause, String text) {
    return cause.getMessage() != null && cause.getMessage().contains(text);
  }
}
