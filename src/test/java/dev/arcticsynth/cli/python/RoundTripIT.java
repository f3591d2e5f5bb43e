package dev.arcticsynth.cli.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.cli.python.Launcher.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The Python client and we on one folder, one after the other, at one provider: whichever begins,
/// every request is paid once. Installs that client (`./mvnw -Poriginal verify`).
@EnabledIfSystemProperty(named = "original", matches = "true")
class RoundTripIT {
  private static final Path PYTHON = Path.of("target/original/bin/python").toAbsolutePath();
  private static final Path CLIENT =
      Path.of("src/test/resources/original/arctic_synth.py").toAbsolutePath();

  @TempDir Path home;

  private Launcher launcher;
  private Path folder;

  @BeforeAll
  static void install() throws Exception {
    if (!Files.exists(PYTHON)) {
      run("python3", "-m", "venv", "target/original");
    }
    run(PYTHON.toString(), "-m", "pip", "install", "-q", "--no-deps", "arctic-training==0.8.0");
    run(
        PYTHON.toString(),
        "-m",
        "pip",
        "install",
        "-q",
        "openai>=2",
        "jsonlines",
        "pyyaml",
        "tabulate",
        "tqdm");
  }

  @BeforeEach
  void prepare() throws IOException {
    launcher = new Launcher(home);
    folder = home.resolve("batch_work_dir/t");
    launcher.save(home.resolve("batch_work_dir"), "t", 3, 4);
  }

  @AfterEach
  void stop() {
    launcher.close();
  }

  @Test
  void what_the_original_has_submitted_is_fetched_and_not_paid_again() throws Exception {
    // Given
    String _ = original("-u -s");
    String batches = Files.readString(folder.resolve("batch_ids.txt"));

    // When
    Ended ended = launcher.run("./arctic-synth -t t -d --wait");
    Ended again = launcher.run("./arctic-synth -t t -us");

    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("3 batches with 12 requests of another client are taken over");
    assertThat(again.code()).as(again.err()).isZero();
    everyRequestIsAnsweredAndPaidOnce();
    assertThat(Files.readAllLines(folder.resolve("batch_ids.txt")))
        .containsExactlyInAnyOrderElementsOf(batches.lines().toList());
    // And when: it can go on with what is its own
    String _ = original("-r -d");
    assertThat(ids()).hasSize(12).contains("t_11");
  }

  @Test
  void what_the_original_has_uploaded_is_submitted_once() throws Exception {
    // Given
    String _ = original("-u");

    // When
    Ended ended = launcher.run("./arctic-synth -t t -usd --wait");

    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    everyRequestIsAnsweredAndPaidOnce();
  }

  @Test
  void what_the_original_submits_of_our_files_is_not_paid_again() throws Exception {
    // Given
    Ended uploaded = launcher.run("./arctic-synth -t t -u");
    assertThat(uploaded.code()).as(uploaded.err()).isZero();
    String _ = original("-s");

    // When
    Ended ended = launcher.run("./arctic-synth -t t -sd --wait");

    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    everyRequestIsAnsweredAndPaidOnce();
    // And when: it fetches our names, which become the user's again
    String _ = original("-d");
    assertThat(ids()).allMatch(id -> id.startsWith("0000000"));
    Ended named = launcher.run("./arctic-synth -t t -d --from batch_work_dir/t/results.jsonl");
    // Then
    assertThat(named.code()).as(named.err()).isZero();
    Path _ =
        Files.move(
            folder.resolve("results.results.jsonl"),
            folder.resolve("results.jsonl"),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    everyRequestIsAnsweredAndPaidOnce();
  }

  @Test
  void what_we_have_submitted_the_original_follows() throws Exception {
    // Given
    Ended submitted = launcher.run("./arctic-synth -t t -us");
    assertThat(submitted.code()).as(submitted.err()).isZero();

    // When
    String table = original("-r");

    // Then
    assertThat(Files.readAllLines(folder.resolve("batch_ids.txt")))
        .hasSize(3)
        .allSatisfy(batch -> assertThat(table).contains(batch));
  }

  private String original(String flags) throws Exception {
    Ended ended = launcher.run("'%s' '%s' -t t %s".formatted(PYTHON, CLIENT, flags));
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  private void everyRequestIsAnsweredAndPaidOnce() throws IOException {
    assertThat(ids())
        .containsExactlyElementsOf(IntStream.range(0, 12).mapToObj(n -> "t_" + n).toList());
    assertThat(launcher.ledger().started()).hasSize(3);
    assertThat(launcher.ledger().billed().values().stream().mapToInt(List::size).sum())
        .isEqualTo(12);
  }

  private List<String> ids() throws IOException {
    try (var lines = Files.lines(folder.resolve("results.jsonl"))) {
      return lines
          .map(line -> line.replaceFirst(".*?\"custom_id\": ?\"([^\"]*)\".*", "$1"))
          .toList();
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(Launcher.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      var _ = process.destroyForcibly();
      throw new AssertionError("It did not end: " + List.of(command));
    }
    assertThat(process.exitValue()).as(List.of(command).toString()).isZero();
  }
}
