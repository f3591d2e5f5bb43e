package dev.arcticsynth.model;

import static dev.arcticsynth.model.Rule.*;
import static dev.arcticsynth.model.Trouble.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.arcticsynth.model.Search.Bounds;
import dev.arcticsynth.model.Search.Found;
import dev.arcticsynth.support.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Searches all that can happen to one partition while a batch is made of it, for two batches that
/// cost money (`docs/adr/0003-the-submit-protocol.md`). Ours must never come there; each protocol
/// that leaves a rule out must, or the model would prove nothing.
///
/// What is what: [Row] is the row `partition` and its open `attempt`, with the code's own
/// `PartitionState.canBecome`; [WorkerMoves] are `Claims`, `PartitionRepository`, `Submit`,
/// `Reconcile` and `Poll`; [WorldMoves] are the provider, the net and the clock; a [Rule] names the
/// code that keeps it. The recovery after a fail-over is what such a recovery has to be.
///
/// What is not in it: more than one fail-over, an old primary that still takes writes, lists that
/// lag for longer than the settle time, and a provider that reads a deleted file all the same.
///
/// The shortest way to pay twice, of each protocol that does, is written to a file in [#STORIES].
class SubmitProtocolTest {

  private static final Path STORIES = Path.of("target", "submit-protocol");

  /// Three workers, six claims, one death.
  private static final Bounds WIDE = new Bounds(3, 6, 1, 0, 4_000_000);

  private static final Bounds NARROW = new Bounds(2, 5, 1, 0, 4_000_000);

  /// Two workers, five claims; the database loses up to four commits, once, at any time.
  private static final Bounds FAIL_OVER = new Bounds(2, 5, 0, 1, 4_000_000);

  static Stream<Arguments> goodWithinNarrowBounds() {
    return Stream.of(
        arguments("ours, lists are current", Protocol.ours(), NARROW, 20_000),
        arguments("ours", Protocol.ours(LIST_LAG), NARROW, 20_000),
        arguments(
            "no settle time, lists are current", Protocol.ours().without(SETTLE), NARROW, 24_000));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("goodWithinNarrowBounds")
  void no_batch_is_paid_twice_by_two_workers(
      String name, Protocol protocol, Bounds bounds, int atLeast) {
    neverPaysTwice(name, protocol, bounds, atLeast);
  }

  static Stream<Arguments> good() {
    return Stream.of(
        arguments("ours, lists are current", Protocol.ours(), WIDE, 500_000),
        arguments("ours", Protocol.ours(LIST_LAG), WIDE, 650_000),
        arguments("ours", Protocol.ours(LIST_LAG, TAIL_LOSS), FAIL_OVER, 900_000),
        arguments(
            "only closed after a fail-over",
            Protocol.ours(LIST_LAG, TAIL_LOSS).without(TIMELINE),
            FAIL_OVER,
            900_000),
        arguments(
            "only the timeline in each write",
            Protocol.ours(LIST_LAG, TAIL_LOSS).without(CLOSED),
            FAIL_OVER,
            900_000));
  }

  @Tag(Tier.WIDE_TAG)
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("good")
  void no_batch_is_paid_twice(String name, Protocol protocol, Bounds bounds, int atLeast) {
    neverPaysTwice(name, protocol, bounds, atLeast);
  }

  private static void neverPaysTwice(String name, Protocol protocol, Bounds bounds, int atLeast) {
    // When
    Found found = search(name, protocol, bounds);

    // Then
    assertThat(found.billedTwice()).isEmpty();
    assertThat(found.isWhole()).as("every world within the bounds was seen").isTrue();
    assertThat(found.isAnswered()).as("a batch can be made and seen through").isTrue();
    assertThat(found.worlds()).isGreaterThan(atLeast);
  }

  static Stream<Arguments> bad() {
    Protocol lagging = Protocol.ours(LIST_LAG);
    return Stream.of(
        arguments(
            "a lease and nothing else",
            Protocol.of(TOKEN, RANDOM_TOKEN, FILE_ON_RECORD, FRESH_FILE, ONE_CALL, DOUBT),
            NARROW),
        arguments("no look for the batch", Protocol.ours().without(LOOK), NARROW),
        arguments("no fence", Protocol.ours().without(FENCE), NARROW),
        arguments("no second look", Protocol.ours().without(SECOND_LOOK), NARROW),
        arguments("no settle time while lists lag", lagging.without(SETTLE), NARROW),
        arguments("a client that sends again", lagging.without(ONE_CALL), NARROW),
        arguments("no answer taken for a refusal", lagging.without(DOUBT), NARROW),
        arguments("writes without a token", lagging.without(TOKEN), NARROW),
        arguments("a file that attempts share", lagging.without(FRESH_FILE), NARROW),
        arguments(
            "a create before its file is on record", lagging.without(FILE_ON_RECORD), NARROW));
  }

  static Stream<Arguments> badAfterAFailOver() {
    Protocol losing = Protocol.ours(LIST_LAG, TAIL_LOSS);
    return Stream.of(
        arguments("no guard at all", losing.without(RECOVERY, TIMELINE, CLOSED), FAIL_OVER),
        arguments("no recovery", losing.without(RECOVERY), FAIL_OVER),
        arguments("old writes pass", losing.without(TIMELINE, CLOSED), FAIL_OVER),
        arguments("counted leases", losing.without(TIMELINE, RANDOM_TOKEN), FAIL_OVER),
        arguments("files listed at once", losing.without(SETTLE_FILES), FAIL_OVER),
        arguments(
            "only known attempts are recovered", losing.without(RECOVER_BY_PARTITION), FAIL_OVER),
        arguments("a batch known by its tag alone", losing.without(MATCH_FILE), FAIL_OVER));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void a_protocol_that_leaves_a_rule_out_pays_twice(String name, Protocol protocol, Bounds bounds)
      throws IOException {
    paysTwice(name, protocol, bounds);
  }

  @Tag(Tier.WIDE_TAG)
  @ParameterizedTest(name = "{0}")
  @MethodSource("badAfterAFailOver")
  void a_fail_over_without_one_of_its_rules_pays_twice(
      String name, Protocol protocol, Bounds bounds) throws IOException {
    paysTwice(name, protocol, bounds);
  }

  private static void paysTwice(String name, Protocol protocol, Bounds bounds) throws IOException {
    // When
    Found found = search(name, protocol, bounds);

    // Then
    assertThat(found.billedTwice()).as("the model finds how").isPresent();
    save(name, protocol, found.billedTwice().orElseThrow());
  }

  private static Found search(String name, Protocol protocol, Bounds bounds) {
    Found found = Search.of(protocol, bounds);
    System.out.printf(
        "%-40s %-22s %s: %,d worlds, %s%n",
        name,
        protocol.troubles(),
        bounds,
        found.worlds(),
        found
            .billedTwice()
            .map(story -> "pays twice after %d moves".formatted(story.size()))
            .orElse("never pays twice"));
    return found;
  }

  private static void save(String name, Protocol protocol, List<String> story) throws IOException {
    Path _ =
        Files.writeString(
            Files.createDirectories(STORIES).resolve(name.replace(' ', '-') + ".txt"),
            "%s %s%n  %s%n".formatted(name, protocol.troubles(), String.join("\n  ", story)));
  }
}
