package dev.arcticsynth.cli.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.cli.python.Launcher.Ended;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Python client's flags with an account at Azure, and with the mistakes that are made there.
class StepsAtAzureIT {
  private static final String CLEAN = "./arctic-synth --clean_files_older_than_n_days 0";

  @TempDir Path home;

  private Launcher launcher;
  private Path work;

  @BeforeEach
  void prepare() throws IOException {
    launcher = new Launcher(home, SimulatedApi.AZURE);
    work = home.resolve("batch_work_dir");
  }

  @AfterEach
  void stop() {
    launcher.close();
  }

  @Test
  void a_work_folder_goes_to_azure_and_its_results_come_back_and_its_files_go() throws Exception {
    // Given
    launcher.save(work, "t", 11, 1);

    // When
    Ended submitted = launcher.run("./arctic-synth -t t -u -s");
    Ended fetched = launcher.run("./arctic-synth -t t -r -d --wait");
    Ended listed = launcher.run(CLEAN + " </dev/null");
    long deletedUnasked = happened("file_deleted");
    Ended cleaned = launcher.run(CLEAN + " --yes");

    // Then
    assertThat(submitted.code()).as(submitted.err()).isZero();
    assertThat(fetched.code()).as(fetched.err()).isZero();
    assertThat(fetched.out())
        .contains(launcher.ledger().started().stream().map(batch -> batch.batch()).toList());
    theResultsAreAllThere(11);
    assertThat(launcher.ledger().started()).hasSize(11);
    assertThat(listed.code()).as(listed.err()).isEqualTo(2);
    assertThat(listed.out()).contains(Files.readAllLines(work.resolve("t/file_ids.txt")));
    assertThat(listed.err()).contains("Nothing was deleted", "--yes");
    assertThat(deletedUnasked).isZero();
    assertThat(cleaned.code()).as(cleaned.err()).isZero();
    long files = listed.out().lines().filter(line -> line.contains("file-")).count();
    assertThat(cleaned.err()).contains("%d of %1$d files deleted".formatted(files));
    assertThat(happened("file_deleted")).isEqualTo(files);
  }

  @Test
  void a_refusal_by_azure_ends_with_a_sentence_and_the_task_goes_on_when_it_is_repaired()
      throws Exception {
    // Given
    launcher.save(work, "t", 1, 6);

    // When
    version("2020-01-01");
    Ended wrongVersion = launcher.run("./arctic-synth -t t -u -s");
    version("2024-10-21");
    faults().always(new Fault.Refused(401), Operation.UPLOAD, Operation.CREATE);
    Ended wrongKey = launcher.run("./arctic-synth -t t -u -s");
    faults().clear();
    faults().always(new Fault.FailedWithoutLine("model_not_found"));
    Ended wrongDeployment = launcher.run("./arctic-synth -t t -u -s -d --wait");
    faults().clear();
    Ended mended = launcher.run("./arctic-synth -t t -s --retry -d --wait");

    // Then
    assertThat(wrongVersion.code()).as(wrongVersion.err()).isEqualTo(3);
    assertThat(wrongVersion.err()).contains("?api-version=2020-01-01").doesNotContain("k-test");
    assertThat(wrongKey.code()).as(wrongKey.err()).isEqualTo(3);
    assertThat(wrongKey.err()).contains("HTTP 401").doesNotContain("k-test");
    assertThat(wrongDeployment.code()).as(wrongDeployment.err()).isEqualTo(4);
    assertThat(wrongDeployment.err()).contains("6 failed", "name of its deployment", "-s --retry");
    assertThat(mended.code()).as(mended.err()).isZero();
    theResultsAreAllThere(6);
  }

  private Faults faults() {
    return launcher.simulator().faults();
  }

  private void version(String version) throws IOException {
    Path file = launcher.credentials();
    Files.writeString(
        file, Files.readString(file).replaceFirst("api_version: .*", "api_version: " + version));
  }

  /// Each request once, in the order of the numbers, and paid for once.
  private void theResultsAreAllThere(int requests) throws IOException {
    assertThat(ids())
        .containsExactlyElementsOf(IntStream.range(0, requests).mapToObj(n -> "t_" + n).toList());
    assertThat(Files.readAllLines(work.resolve("t/results.jsonl")))
        .allMatch(line -> line.contains("\"error\":null"));
    assertThat(launcher.ledger().billed().values().stream().mapToInt(List::size).sum())
        .isEqualTo(requests);
  }

  private List<String> ids() throws IOException {
    try (Stream<String> lines = Files.lines(work.resolve("t/results.jsonl"))) {
      return lines.map(line -> line.replaceFirst(".*?\"custom_id\":\"([^\"]*)\".*", "$1")).toList();
    }
  }

  private long happened(String event) {
    return launcher.ledger().entries().stream()
        .filter(entry -> entry.event().equals(event))
        .count();
  }
}
