package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.cli.CliHarness.Ended;
import dev.arcticsynth.cli.FakeServer.Answer;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
  private final FakeServer server = new FakeServer();
  private final CliHarness cli = new CliHarness(server.uri());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void no_arguments_print_the_help() {
    // When
    Ended ended = cli.run();
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .contains("run", "serve", "submit", "status", "watch", "results", "cancel", "retry")
        .contains("delete", "list", "providers", "--server", "--json", "--quiet", "--version");
    assertThat(ended.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "list --nonsense",
        "watch",
        "results a/b",
        "submit",
        "submit no-such-file.jsonl",
        "submit -",
        "submit pom.xml --batch-size many",
        "run pom.xml",
        "run no-such-file.jsonl -o out.jsonl",
        "run pom.xml -o pom.xml",
        "run pom.xml -o src",
        "run pom.xml -o no/such/folder/out.jsonl",
        "run pom.xml -o target/out.jsonl --server http://localhost:1",
        "list --server nonsense",
        "list --server localhost:8080",
        "list --server ftp://localhost",
      })
  void what_cannot_be_done_ends_with_2_and_a_sentence(String line) {
    // When
    Ended ended = cli.run(line.split(" "));
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).startsWith("arctic-synth: ").doesNotContain("Exception", "\tat ");
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void every_command_explains_itself() {
    // When
    Ended ended = cli.run("submit", "--help");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("--task", "--provider", "--wait", "--server");
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "status t", "providers", "results t", "cancel t", "delete t"})
  void a_server_that_is_not_there_ends_with_3(String line) {
    // Given
    URI gone = server.uri();
    server.close();
    // When
    Ended ended = new CliHarness(gone).run(line.split(" "));
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err())
        .isEqualTo(
            "arctic-synth: Nothing answers at %s; start a server with 'arctic-synth serve' or name another with --server.%n"
                .formatted(gone));
  }

  @Test
  void a_server_that_fails_ends_with_3_and_its_reason() {
    // Given
    server.answers(
        "GET /v1/tasks", Answer.problem(problem(507, "Storage is full", List.of(), null)));
    // When
    Ended ended = cli.run("list");
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("status 507", "Storage is full: Look at it.");
  }

  @Test
  void a_problem_is_printed_with_its_lines() {
    // Given
    var errors =
        List.of(
            new Problem.Entry(3L, null, "not_json", "is not JSON"),
            new Problem.Entry(null, "/name", "taken", "is taken"));
    server.answers("GET /v1/tasks", Answer.problem(problem(422, "Bad lines", errors, 1234L)));
    // When
    Ended ended = cli.run("list");
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err().lines())
        .containsExactly(
            "arctic-synth: Bad lines: Look at it.",
            "  line 3: is not JSON (not_json)",
            "  /name: is taken (taken)",
            "  and 1,232 more");
  }

  @Test
  void an_answer_cannot_move_the_cursor() {
    // Given
    server.answers(
        "GET /v1/tasks", Answer.problem(problem(400, "\u001b[2JGone\nfaked", List.of(), null)));
    // When
    Ended ended = cli.run("list");
    // Then
    assertThat(ended.err()).hasLineCount(1).doesNotContain("\u001b");
  }

  @Test
  void another_kind_of_server_is_recognised() {
    // Given
    server.answers("GET /v1/tasks", Answer.lines("<html>"));
    // When
    Ended ended = cli.run("list");
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("is it an ArcticSynth server?");
  }

  @Test
  void the_key_travels_as_a_bearer_token() {
    // Given
    cli.set("ARCTIC_API_KEY", "secret");
    // When
    Ended ended = cli.run("status", "t");
    // Then
    assertThat(ended.err()).doesNotContain("secret");
    assertThat(server.call("GET ").headers().getFirst("Authorization")).isEqualTo("Bearer secret");
  }

  private static Problem problem(
      int status,
      String title,
      List<Problem.Entry> errors,
      @org.jspecify.annotations.Nullable Long total) {
    return new Problem("urn:test", title, status, "Look at it.", null, errors, total);
  }
}
