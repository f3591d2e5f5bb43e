package dev.arcticsynth.embedded;

/// Why there is no embedded PostgreSQL, and what to do about it, in one message for people.
public final class EmbeddedPostgresException extends RuntimeException {
  private static final long serialVersionUID = 1;

  EmbeddedPostgresException(String message) {
    super(message);
  }

  EmbeddedPostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
