package dev.arcticsynth.cli.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.arcticsynth.cli.python.Launcher.Ended;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.RowSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Python client's flags, against a provider, with what lost its users data or money.
class StepsIT {
  @TempDir Path home;

  private Launcher launcher;
  private Path work;

  @BeforeEach
  void prepare() throws IOException {
    launcher = new Launcher(home);
    work = home.resolve("batch_work_dir");
  }

  @AfterEach
  void stop() {
    launcher.close();
  }

  @Test
  void flags_that_are_killed_and_repeated_make_each_batch_once() throws Exception {
    // Given
    launcher.save(work, "t", 11, 2);

    // When
    killedAt("file_uploaded", "./arctic-synth -t t -u");
    Ended early = launcher.run("./arctic-synth -t t -d");
    killedAt("batch_created", "./arctic-synth -t t -us");
    Ended submitted = launcher.run("./arctic-synth -t t -u -s");
    Ended over = launcher.run("./arctic-synth -t t -r -d --wait");

    // Then
    assertThat(early.code()).as(early.err()).isEqualTo(2);
    assertThat(submitted.code()).as(submitted.err()).isZero();
    assertThat(over.code()).as(over.err()).isZero();
    assertThat(launcher.ledger().started()).hasSize(11);
    assertThat(launcher.ledger().billed().values().stream().mapToInt(List::size).sum())
        .isEqualTo(22);
    assertThat(ids(work.resolve("t/results.jsonl")))
        .containsExactlyElementsOf(IntStream.range(0, 22).mapToObj(n -> "t_" + n).toList());
    assertThat(Files.readAllLines(work.resolve("t/batch_ids.txt")))
        .containsExactlyInAnyOrderElementsOf(
            launcher.ledger().started().stream().map(batch -> batch.batch()).toList())
        .allSatisfy(batch ->
            assertThat(work.resolve("t/downloads").resolve(batch + ".jsonl")).isRegularFile());
    assertThat(Files.readAllLines(work.resolve("t/file_ids.txt"))).hasSize(11);
  }

  @Test
  void a_batch_that_expires_is_harvested_and_the_rest_is_sent_again() throws Exception {
    // Given
    launcher.save(work, "t", 1, 10);
    launcher.simulator().faults().next(new Fault.Expire(0.5));

    // When
    Ended ended = launcher.run("./arctic-synth -t t -usd --wait");
    Ended looked = launcher.run("./arctic-synth -t t -r");

    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ids(work.resolve("t/results.jsonl"))).hasSize(10).startsWith("t_0", "t_1", "t_2");
    assertThat(looked.out()).contains("expired", "completed");
    assertThat(launcher.ledger().billed().values().stream().mapToInt(List::size).sum())
        .isEqualTo(10);
  }

  @Test
  void requests_that_all_fail_leave_results_that_say_why() throws Exception {
    // Given
    launcher.save(work, "t", 2, 3);
    launcher.simulator().faults().always(new Fault.RowStatus(400, RowSelection.rows(3)));

    // When
    Ended ended = launcher.run("./arctic-synth -t t -usrd --wait");

    // Then
    assertThat(ended.code()).as(ended.err()).isEqualTo(1);
    assertThat(Files.readAllLines(work.resolve("t/results.jsonl")))
        .hasSize(6)
        .allMatch(line -> line.contains("\"error\":{\"code\""));
  }

  @Test
  void a_batch_that_is_refused_does_not_hide_the_others() throws Exception {
    // Given
    launcher.save(work, "t", 3, 2);
    launcher.simulator().faults().always(new Fault.PoisonRow("question 3", "bad_request"));

    // When
    Ended ended = launcher.run("./arctic-synth -t t -usd --wait");

    // Then
    assertThat(ended.code()).as(ended.err()).isEqualTo(1);
    assertThat(ids(work.resolve("t/results.jsonl"))).hasSize(6);
    assertThat(Files.readAllLines(work.resolve("t/results.jsonl")))
        .filteredOn(line -> line.contains("\"error\":null"))
        .hasSize(5);
  }

  private void killedAt(String event, String line) throws Exception {
    Process process = launcher.start(line);
    await()
        .atMost(Launcher.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> happened(event) || !process.isAlive());
    launcher.kill(process);
    assertThat(happened(event)).isTrue();
  }

  private boolean happened(String event) {
    return launcher.ledger().entries().stream().anyMatch(entry -> entry.event().equals(event));
  }

  private static List<String> ids(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.map(line -> line.replaceFirst(".*?\"custom_id\":\"([^\"]*)\".*", "$1")).toList();
    }
  }
}
