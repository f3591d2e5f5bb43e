package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.cli.CliHarness.Ended;
import dev.arcticsynth.cli.FakeServer.Answer;
import dev.arcticsynth.cli.service.RunningService;
import dev.arcticsynth.cli.terminal.Environment;
import dev.arcticsynth.cli.terminal.Phases;
import dev.arcticsynth.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsCommandTest {
  private static final String CALL = "GET /v1/tasks/t/results";
  private static final String LINES = "{\"custom_id\":\"ä\"}\n{\"custom_id\":\"b\"}\n";

  private final FakeServer server = new FakeServer();
  private final CliHarness cli = new CliHarness(server.uri());

  @TempDir Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void results_go_to_standard_output_as_they_are() {
    // Given
    server.answers(CALL, Answer.lines(LINES));
    // When
    Ended ended = cli.run("results", "t", "--messages", "--outcome", "succeeded,failed");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isEqualTo(LINES);
    assertThat(ended.err()).isEmpty();
    assertThat(server.callLines())
        .containsExactly(CALL + "?view=messages&outcome=succeeded%2Cfailed");
  }

  @Test
  void a_file_that_was_fetched_by_hand_becomes_results_beside_it() throws IOException {
    // Given
    Path file =
        Files.writeString(folder.resolve("batch_1_output.jsonl"), "{\"custom_id\":\"0\"}\n");
    server.answers(
        "POST /v1/tasks/t/answers",
        Answer.lines(LINES),
        Answer.lines(LINES).with("X-Arctic-Left-Out", "unknown=1 broken=0 repeated=0"));
    // When
    Ended whole = cli.run("results", "t", "--from", file.toString());
    Ended partly = cli.run("results", "t", "--from", file.toString(), "-q");
    Ended missing = cli.run("results", "t", "--from", folder.resolve("no.jsonl").toString());
    // Then
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(folder.resolve("batch_1_output.results.jsonl")).hasContent(LINES);
    assertThat(server.call("POST ").body()).isEqualTo("{\"custom_id\":\"0\"}\n");
    assertThat(partly.code()).isEqualTo(1);
    assertThat(partly.err()).contains("left out: unknown=1");
    assertThat(missing.code()).isEqualTo(2);
  }

  @Test
  void results_of_a_running_task_come_with_a_notice() {
    // Given
    server.answers(CALL, Answer.lines(LINES).with("X-Arctic-Complete", "false"));
    // When
    Ended ended = cli.run("results", "t");
    // Then
    assertThat(ended.out()).isEqualTo(LINES);
    assertThat(ended.err()).contains("Task t still runs");
  }

  @Test
  void results_replace_a_file_as_a_whole() throws IOException {
    // Given
    Path output = Files.writeString(folder.resolve("out.jsonl"), "old\n".repeat(1000));
    server.answers(CALL, Answer.lines(LINES));
    // When
    Ended ended = cli.run("results", "t", "-o", output.toString());
    // Then
    assertThat(ended.code()).isZero();
    assertThat(output).hasContent(LINES);
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(output));
  }

  @Test
  void a_file_stays_as_it_was_when_the_connection_breaks() throws IOException {
    // Given
    Path output = Files.writeString(folder.resolve("out.jsonl"), "old");
    server.answers(CALL, Answer.lines(LINES).cutShort());
    // When
    Ended ended = cli.run("results", "t", "-o", output.toString());
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).startsWith("arctic-synth: The connection to ").contains(" broke: ");
    assertThat(output).hasContent("old");
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(output));
  }

  @Test
  void no_file_is_left_where_the_task_is_unknown() {
    // Given
    Path output = folder.resolve("out.jsonl");
    // When
    Ended ended = cli.run("results", "t", "-o", output.toString());
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_link_keeps_pointing_to_what_is_replaced() throws IOException {
    // Given
    Path output = Files.writeString(folder.resolve("out.jsonl"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), output);
    server.answers(CALL, Answer.lines(LINES));
    // When
    Ended ended = cli.run("results", "t", "-o", link.toString());
    // Then
    assertThat(ended.code()).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(output).hasContent(LINES);
  }

  @Test
  void a_device_is_written_to_and_not_replaced() {
    // Given
    server.answers(CALL, Answer.lines(LINES));
    // When
    Ended ended = cli.run("results", "t", "-o", "/dev/null");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  @Test
  void a_reader_that_has_had_enough_is_no_failure() {
    // Given
    server.answers(CALL, Answer.lines(LINES));
    var err = new ByteArrayOutputStream();
    var print = new PrintStream(err, true, StandardCharsets.UTF_8);
    var terminal = new Terminal(print, print, closedPipe(), false, Optional::empty);
    var environment = Map.of("ARCTIC_SERVER", server.uri().toString());
    // When
    int code =
        new Cli(
                new Environment(terminal, environment, new FakeTime()),
                ResultsCommandTest::noService)
            .run("results", "t");
    // Then
    assertThat(code).isZero();
    assertThat(err.toByteArray()).isEmpty();
  }

  private static RunningService noService(Map<String, String> properties, Phases phases) {
    return org.assertj.core.api.Assertions.fail("results boots no service");
  }

  private static OutputStream closedPipe() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("Broken pipe");
      }
    };
  }
}
