package dev.arcticsynth.embedded;

/// Ends of sentences that several messages share.
final class Advice {
  static final String USE_ANOTHER_DATABASE =
      "; or use a PostgreSQL of your own: set QUARKUS_DATASOURCE_REACTIVE_URL, _USERNAME and"
          + " _PASSWORD.";
  static final String START_EMPTY =
      " Nothing in it was changed. Restore it from a backup, or move it away to start with an empty"
          + " database.";

  private Advice() {}
}
