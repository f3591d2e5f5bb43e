package dev.arcticsynth.embedded;

/// Why there is no embedded PostgreSQL, and what to do about it, in one message for people.
public final class EmbeddedPostgresException extends RuntimeException {
  static final String USE_ANOTHER_DATABASE =
      "; or use a PostgreSQL of your own: set QUARKUS_DATASOURCE_REACTIVE_URL, _USERNAME and"
          + " _PASSWORD.";
  static final String START_EMPTY =
      " Nothing in it was changed. Restore it from a backup, or move it away to start with an empty"
          + " database.";

  private static final long serialVersionUID = 1;

  EmbeddedPostgresException(String message) {
    super(message);
  }

  EmbeddedPostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
