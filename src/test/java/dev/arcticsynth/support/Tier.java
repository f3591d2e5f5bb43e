package dev.arcticsynth.support;

/// How much a test class needs, and so when it runs; [TestTiers] says which class is in which.
public enum Tier {
  /// Values, parsers, rules and clients: nothing that the test does not make itself. Classes run
  /// side by side; `./mvnw -Pquick test` runs no others.
  PLAIN,

  /// The service by `@QuarkusTest`, or the tests' PostgreSQL. Two JVMs, each with one class after
  /// another, in `./mvnw test`; see [TestSuites].
  SERVICE,

  /// What is too long for a loop that is run by hand: all that carries `@Tag("wide")`, in `./mvnw
  /// verify`.
  WIDE;

  /// Of classes, or of single tests, that wait for `./mvnw verify`.
  public static final String WIDE_TAG = "wide";
}
