package dev.arcticsynth.database;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Temporary failures of the database.
///
/// Whether a transaction that failed so was committed is not known: its last answer may be what was
/// lost. Code that acts on what it wrote must read it again first.
public enum Outage {
  /// No connection, or one that broke, or a server that starts or stops, that takes no connection
  /// more, or no changes.
  AWAY,
  /// It answers, but cannot run this now: no memory, a lock held or a statement run for too long,
  /// too many calls at once.
  BUSY,
  /// Its disk is full.
  FULL;

  // Messages of the client, its pool and the network that have no type of their own.
  private static final List<String> BROKEN =
      List.of(
          "Connection reset",
          "Broken pipe",
          "Connection is closed",
          "Connection is not active now",
          "Pool closed");

  /// Which one a failure is, if any.
  public static Optional<Outage> of(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException refused) {
        return ofState(String.valueOf(refused.getSqlState()));
      }
      // Hibernate's wrapper.
      if (cause instanceof SQLException refused && refused.getSQLState() != null) {
        return ofState(refused.getSQLState());
      }
      // The pool's, without a type: more wait for a connection than may.
      if (String.valueOf(cause.getMessage()).contains("max wait queue size")) {
        return Optional.of(BUSY);
      }
      if (isBroken(cause)) {
        return Optional.of(AWAY);
      }
    }
    return Optional.empty();
  }

  /// The message of the root cause, for a log.
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
      // Read-only; too many connections; shut down, crashed, not up yet; idle for too long.
      case "25006", "53300", "57P01", "57P02", "57P03", "57P05", "25P03" -> Optional.of(AWAY);
      // Locked for too long; run for too long; a deadlock; changed by two at once.
      case "55P03", "57014", "40P01", "40001" -> Optional.of(BUSY);
      default -> {
        if (state.startsWith("08")) {
          yield Optional.of(AWAY);
        }
        boolean resources = state.startsWith("53") || state.startsWith("58");
        yield resources ? Optional.of(BUSY) : Optional.empty();
      }
    };
  }

  private static boolean isBroken(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof ClosedConnectionException
        || cause instanceof SocketException
        || cause instanceof UnknownHostException
        || cause instanceof ClosedChannelException
        || cause instanceof TimeoutException
        || BROKEN.stream().anyMatch(message::contains);
  }
}
