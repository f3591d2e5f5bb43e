package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.arcticsynth.provider.simulator.store.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The packaged program as a user starts it, killed with -9 and started again.
class RunKilledIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int REQUESTS = 200;

  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(strings = {"file_uploaded", "batch_created", "batch_billed"})
  void a_run_that_was_killed_finishes_the_same_task_without_a_second_batch(String moment)
      throws Exception {
    // Given
    Path input = input();
    Path output = home.resolve("results.jsonl");
    Process first = start("run", input.toString(), "-o", output.toString());
    try {
      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> happened(moment));
    } finally {
      first.destroyForcibly();
    }
    assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(output).doesNotExist();

    // When
    Process second = start("run", input.toString(), "-o", output.toString());

    // Then
    assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).as(log()).isZero();
    assertThat(Ledger.at(home.resolve("simulator")).started()).hasSize(1);
    assertThat(
            Ledger.at(home.resolve("simulator")).billed().values().stream()
                .mapToInt(List::size)
                .sum())
        .isEqualTo(REQUESTS);
    List<String> lines = Files.readAllLines(output);
    assertThat(lines).hasSize(REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(lines.get(i))
          .contains("\"custom_id\":\"r" + i + "\"")
          .contains("\"status_code\":200");
    }
  }

  @Test
  void the_last_process_takes_its_database_with_it() throws Exception {
    // Given
    Path output = home.resolve("results.jsonl");
    // When
    Process run = start("run", input().toString(), "-o", output.toString());
    // Then
    assertThat(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).as(log()).isZero();
    assertThat(home.resolve("postgres/data/postmaster.pid")).doesNotExist();
  }

  private boolean happened(String event) throws IOException {
    Path ledger = home.resolve("simulator/ledger.jsonl");
    return Files.exists(ledger) && Files.readString(ledger).contains("\"" + event + "\"");
  }

  private Path input() throws IOException {
    Path input = home.resolve("in.jsonl");
    Files.write(
        input,
        IntStream.range(0, REQUESTS)
            .mapToObj(i ->
                """
                {"custom_id":"r%d","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"%d"}]}}\
                """
                    .formatted(i, i))
            .toList());
    return input;
  }

  private Process start(String... arguments) throws IOException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of("arctic-synth").toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()));
    builder.environment().put("ARCTIC_HOME", home.toString());
    builder.environment().put("ARCTIC_SIMULATOR_RUNNING", "2s");
    builder.environment().keySet().removeIf(name -> name.startsWith("OPENAI_"));
    return builder.start();
  }

  private String log() throws IOException {
    return Files.readString(home.resolve("log"));
  }
}
