package dev.arcticsynth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The words of the glossary in `docs/ARCHITECTURE.md` are kept, and the private dialect that they
/// replaced does not come back. Decisions on record, the changelog and applied migrations are left
/// as they were written.
class WordsTest {

  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final List<Path> TEXTS =
      Stream.of("src", "docs", "deploy", ".ci", "README.md", "CONTRIBUTING.md", "arctic-synth")
          .map(ROOT::resolve)
          .toList();

  private static final List<Path> MAIN = List.of(ROOT.resolve("src/main/java"));

  /// Sentences whose subject is no thing, and phrases that only insiders read. A word may stand
  /// between underscores: names of tests are sentences, too.
  private static final Pattern DIALECT =
      Pattern.compile(
          "(?i)(?<![a-z0-9])((?-i:[Nn]obody|NOBODY)|whoever|whomever|somebody|anew"
              + "|has[ _]it[ _]told|be[ _]told|(said|say|says)[ _](it[ _])?(again|twice)|breathes?"
              + "|leaves[ _]the[ _]house|of[ _]the[ _]house|is[ _]owed[ _]an[ _]answer"
              + "|as[ _](he|she|they|you)[ _]likes?)(?![a-z0-9])");

  /// Type names that gave way to the field's terms.
  private static final Pattern FORMER_TYPES =
      Pattern.compile(
          "\\b(Beats|BeatConfig|Lanes|UnderWay|Setbacks|TimeAndChance|Ceilings|Halves|FileWait"
              + "|PollTogether|Cutter|Intake|ModelName|LineNames|WireLines|Sweeper|Removal|Disposal"
              + "|RemoteRemains|FilesWanted|Wakes|Openings|Parking|Siblings|Repairs|Seqs|CallRecords"
              + "|CallKey|CallAnswer|KnownAttempt|TurnedAway|HeldBack|Doubted|VerbsResource|NewTasks"
              + "|NewCallbacks|TaskViews|KeyedCall|BodyOf|CallsUnderWay|FilesAsked|Courier|Parcel"
              + "|Sealing|Literals|Patience|Handover|Interruption|TaskLook|TaskWatch"
              + "|TaskText|EarlierRun|Cleaning|AccountNote|ResultsWanted|NumericOrder|ListWalk"
              + "|PlainText|FileForm|IdleWatch|Gate|Membership|Leftovers|ClockAtStart|BatchLife"
              + "|Harvester|FileShelf|Fates|Spoilt|Mishap|Breach|Workshop)\\b");

  /// In code, one word each: chunk, scan or collection, capacity or permits, context, action.
  /// Columns and settings keep their names: `sweeping`, `sweeping_since`, `arctic.blob.sweep`,
  /// `arctic.beat.sweep` and its method.
  private static final Pattern SYNONYMS =
      Pattern.compile(
          "(?i)\\b(\\w*pieces?|(?<!arctic\\.(blob|beat)\\.)sweep(?!ing(_since| =| IS)|\\(\\))\\w*"
              + "|rooms?|lanes?|verbs?)\\b");

  /// A batch of a partition is a `batchAttempt`, one sending of a request a `requestAttempt`.
  private static final Pattern BARE_ATTEMPT =
      Pattern.compile("\\b(int|long|Integer) (tries|attempt)\\b|[.:](tries|attempt)\\(\\)");

  @Test
  void texts_speak_plain_english() throws IOException {
    assertThat(found(DIALECT, TEXTS)).isEmpty();
  }

  @Test
  void types_that_were_renamed_are_not_named_any_more() throws IOException {
    assertThat(found(FORMER_TYPES, TEXTS)).isEmpty();
  }

  @Test
  void one_thing_has_one_word() throws IOException {
    assertThat(found(SYNONYMS, MAIN)).isEmpty();
  }

  @Test
  void an_attempt_is_of_a_batch_or_of_a_request() throws IOException {
    assertThat(found(BARE_ATTEMPT, MAIN)).isEmpty();
  }

  /// The patterns above find what they are for.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Nobody is told.",
        "the file is sent anew",
        "has it told at the end",
        "void a_host_that_nobody_knows()",
        "void whoever_comes_next()",
        "void a_call_that_is_said_twice()",
        "String role = \"nobody_\" + n"
      })
  void dialect_is_found(String sentence) {
    assertThat(DIALECT.matcher(sentence).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a piece of it", "begin a sweep", "NO ROOM", "int sweepAll()", "a lane"})
  void synonyms_are_found(String line) {
    assertThat(SYNONYMS.matcher(line).find()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HttpRequest.noBody()"})
  void code_is_no_dialect(String line) {
    assertThat(DIALECT.matcher(line).find()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SET sweeping = $3", "coalesce(sweeping_since, now())", "config.sweep()"})
  void names_of_columns_and_settings_are_no_synonyms(String line) {
    assertThat(SYNONYMS.matcher(line).find()).isFalse();
  }

  @Test
  void no_top_level_type_has_the_name_of_another() throws IOException {
    var places = new TreeMap<String, List<String>>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("src"))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .forEach(file ->
              places
                  .computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>())
                  .add(ROOT.relativize(file).toString()));
    }
    places.values().removeIf(files -> files.size() == 1);
    assertThat(places).isEmpty();
  }

  private static List<String> found(Pattern banned, List<Path> roots) throws IOException {
    var hits = new ArrayList<String>();
    for (Path root : roots) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          if (isChecked(ROOT.relativize(file).toString())) {
            int number = 0;
            for (String line : Files.readAllLines(file, UTF_8)) {
              number++;
              var matcher = banned.matcher(line);
              if (matcher.find()) {
                hits.add("%s:%d %s".formatted(ROOT.relativize(file), number, matcher.group()));
              }
            }
          }
        }
      }
    }
    return hits;
  }

  private static boolean isChecked(String file) {
    return file.matches(".*\\.(java|md|properties|env|yaml|sh|py)|\\.ci/run|arctic-synth")
        && !file.startsWith("docs/adr/")
        && !file.endsWith("/WordsTest.java");
  }
}
