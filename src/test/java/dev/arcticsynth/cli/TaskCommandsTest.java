package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.api.model.ProviderView;
import dev.arcticsynth.api.model.TaskView.WaitingFor;
import dev.arcticsynth.cli.CliHarness.Ended;
import dev.arcticsynth.cli.FakeServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskCommandsTest {
  private final FakeServer server = new FakeServer();
  private final CliHarness cli = new CliHarness(server.uri());

  @TempDir Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void submit_streams_the_file_and_prints_the_name() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("my questions.jsonl"), "{\"a\":1}\n{\"a\":2}\n");
    server.answers("POST /v1/tasks", Answer.json(202, Tasks.running("my-questions", 0, 2)));
    // When
    Ended ended =
        cli.run(
            "submit",
            input.toString(),
            "--provider",
            "openai",
            "--model",
            "a b&c",
            "--endpoint",
            "/v1/embeddings",
            "--batch-size",
            "10",
            "--max-attempts",
            "5");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isEqualTo("my-questions%n".formatted());
    assertThat(ended.err()).contains("2 requests are stored");
    var call = server.call("POST ");
    assertThat(call.line())
        .isEqualTo(
            "POST /v1/tasks?name=my-questions&provider=openai&model=a%20b%26c"
                + "&endpoint=%2Fv1%2Fembeddings&batch_size=10&max_attempts=5");
    assertThat(call.body()).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
    assertThat(call.headers().getFirst("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(call.headers().getFirst("Idempotency-Key")).matches("\"[0-9a-f]{64}\"");
  }

  @Test
  void the_same_file_and_options_have_the_same_key_and_others_have_another() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    server.answers("POST /v1/tasks", Answer.json(202, Tasks.running("t", 0, 2)));
    // When
    for (String option : List.of("--deadline=36h", "--deadline=36h", "--deadline=37h")) {
      assertThat(cli.run("submit", input.toString(), "--task", "t", option).code()).isZero();
    }
    Path changed = Files.writeString(input, "{}\n{}\n");
    assertThat(cli.run("submit", changed.toString(), "--task", "t", "--deadline=36h").code())
        .isZero();
    // Then
    var keys =
        server.calls().stream().map(call -> call.headers().getFirst("Idempotency-Key")).toList();
    assertThat(keys.get(1)).isEqualTo(keys.get(0));
    assertThat(keys.stream().distinct()).hasSize(3);
    assertThat(server.callLines().getFirst()).contains("deadline=36h");
  }

  @Test
  void submit_says_that_a_server_without_providers_simulates_also_when_quiet() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    server.answers("GET /v1/providers", Answer.ok(new Page<>(List.of(SIMULATOR), false, null)));
    server.answers(
        "POST /v1/tasks",
        Answer.json(202, Tasks.of(Tasks.running("t", 0, 1), "simulator", Map.of())));
    // When
    Ended quiet = cli.run("submit", "-q", input.toString());
    Ended asked = cli.run("submit", "-q", "--provider", "simulator", input.toString());
    // Then
    assertThat(quiet.code()).as(quiet.err()).isZero();
    assertThat(quiet.err()).contains("SIMULATED");
    assertThat(asked.err()).isEmpty();
  }

  @Test
  void submit_after_a_lost_reply_is_a_success() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    server.answers(
        "POST /v1/tasks",
        Answer.json(202, Tasks.running("t", 0, 2)).with("Idempotency-Replayed", "true"));
    server.answers("GET /v1/tasks/t", Answer.ok(Tasks.completed("t", 2, 0)));
    // When
    Ended ended = cli.run("submit", input.toString(), "--task", "t");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).contains("Task t: 2 requests are stored");
    assertThat(server.callLines()).hasSize(2);
  }

  @Test
  void submit_after_the_task_was_deleted_makes_it_again() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    server.answers(
        "POST /v1/tasks",
        Answer.json(202, Tasks.running("t", 0, 2)).with("Idempotency-Replayed", "true"),
        Answer.json(202, Tasks.running("t", 0, 2)));
    // When
    Ended ended = cli.run("submit", input.toString(), "--task", "t");
    // Then
    assertThat(ended.code()).isZero();
    var calls = server.calls();
    assertThat(calls).hasSize(3);
    assertThat(calls.getLast().body()).isEqualTo("{}\n");
    assertThat(calls.getLast().headers().getFirst("Idempotency-Key"))
        .isNotEqualTo(calls.getFirst().headers().getFirst("Idempotency-Key"));
  }

  @Test
  void submit_waits_while_the_same_requests_are_being_submitted() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    var busy =
        Answer.problem(
            new Problem(
                "https://arcticsynth.dev/problems/idempotency-in-progress",
                "Busy",
                409,
                "Busy.",
                null,
                List.of(),
                null));
    server.answers("POST /v1/tasks", busy, busy, Answer.json(202, Tasks.running("t", 0, 2)), busy);
    // When
    Ended ended = cli.run("submit", input.toString(), "--task", "t");
    Ended never = cli.run("submit", input.toString(), "--task", "t");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).containsOnlyOnce("in progress already");
    assertThat(never.code()).isEqualTo(2);
    assertThat(server.calls().getFirst().body()).isEqualTo("{}\n");
  }

  @Test
  void submit_sends_the_callback_and_does_not_show_its_secret() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    Path secret = Files.writeString(folder.resolve("secret"), "whsec_file\n");
    server.answers("POST /v1/tasks", Answer.json(202, Tasks.running("in", 0, 1)));
    cli.set("ARCTIC_TASK_CALLBACK_SECRET", "whsec_variable");
    // When
    Ended byVariable = cli.run("submit", input.toString(), "--callback", "https://a.example/x?y");
    Ended byFile =
        cli.run(
            "submit",
            input.toString(),
            "--callback",
            "https://a.example/x?y",
            "--callback-secret-file",
            secret.toString());
    Ended without = cli.run("submit", input.toString());
    // Then
    assertThat(List.of(byVariable.code(), byFile.code(), without.code())).containsOnly(0);
    var calls = server.calls();
    assertThat(calls)
        .extracting(FakeServer.Call::line)
        .startsWith("POST /v1/tasks?name=in&callback_url=https%3A%2F%2Fa.example%2Fx%3Fy")
        .endsWith("POST /v1/tasks?name=in");
    assertThat(calls)
        .extracting(call -> call.headers().getFirst("X-Arctic-Callback-Secret"))
        .containsExactly("whsec_variable", "whsec_file", null);
    assertThat(byVariable.out() + byVariable.err() + byFile.out() + byFile.err())
        .doesNotContain("whsec_");
  }

  @Test
  void a_callback_secret_without_a_callback_is_a_mistake() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    // When
    Ended ended = cli.run("submit", input.toString(), "--callback-secret-file", "secret");
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("--callback URL");
  }

  @Test
  void submit_can_wait_for_the_end() throws IOException {
    // Given
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    server.answers("POST /v1/tasks", Answer.json(202, Tasks.running("t", 0, 2)));
    server.answers("GET /v1/tasks/t", Answer.ok(Tasks.completed("t", 1, 1)));
    // When
    Ended ended = cli.run("submit", input.toString(), "--task", "t", "--wait");
    // Then
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("Task t is completed. Requests 2: 1 succeeded, 1 failed.");
  }

  @Test
  void watch_writes_changes_as_lines_off_a_terminal() {
    // Given
    server.answers(
        "GET /v1/tasks/t",
        Answer.ok(Tasks.running("t", 0, 3)),
        Answer.ok(Tasks.running("t", 1, 3)),
        Answer.ok(Tasks.running("t", 2, 3)),
        Answer.ok(Tasks.completed("t", 3, 0)));
    // When
    Ended ended = cli.run("watch", "t");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines())
        .containsExactly(
            "t: running (2 submitted), 0 of 3 requests answered",
            "t: completed (2 downloaded), 3 of 3 requests answered",
            "Task t is completed. Requests 3: 3 succeeded, 0 failed.");
    assertThat(server.callLines())
        .startsWith("GET /v1/tasks/t", "GET /v1/tasks/t?wait=2s")
        .hasSize(4);
  }

  @Test
  void watch_says_once_what_a_task_waits_for() {
    // Given
    var running = Tasks.running("t", 0, 3);
    var waiting =
        Tasks.waiting(running, new WaitingFor("quota", "90 of 90 million tokens are queued", null));
    server.answers(
        "GET /v1/tasks/t",
        Answer.ok(waiting),
        Answer.ok(waiting),
        Answer.ok(Tasks.completed("t", 3, 0)));
    // When
    Ended ended = cli.run("watch", "t");
    // Then
    assertThat(ended.err())
        .containsOnlyOnce("Waits for quota: 90 of 90 million tokens are queued.");
  }

  @Test
  void watch_ends_with_1_when_some_requests_failed() {
    // Given
    server.answers("GET /v1/tasks/t", Answer.ok(Tasks.completed("t", 2, 1)));
    // When
    Ended ended = cli.run("watch", "t", "--json");
    // Then
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).hasLineCount(1).contains("\"name\":\"t\"", "\"failed\":1");
  }

  @Test
  void watch_ends_with_4_when_the_task_failed() {
    // Given
    server.answers("GET /v1/tasks/t", Answer.ok(Tasks.failed("t", "The model does not exist.")));
    // When
    Ended ended = cli.run("watch", "t");
    // Then
    assertThat(ended.code()).isEqualTo(4);
    assertThat(ended.err()).contains("Reason: The model does not exist.");
  }

  @Test
  void watch_ends_with_4_when_the_task_was_cancelled() {
    // Given
    server.answers("GET /v1/tasks/t", Answer.ok(Tasks.cancelled("t")));
    // When
    Ended ended = cli.run("--quiet", "watch", "t");
    // Then
    assertThat(ended.code()).isEqualTo(4);
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void watch_outlives_a_server_that_is_away_for_a_while() {
    // Given
    var away = new Answer(503, java.util.Map.of("Retry-After", "7"), "");
    server.answers("GET /v1/tasks/t", away, away, Answer.ok(Tasks.completed("t", 3, 0)));
    Instant begun = cli.time.instant();
    // When
    Ended ended = cli.run("watch", "t");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).contains("status 503. Trying again for 60 s.", "answers again");
    assertThat(cli.time.instant()).isEqualTo(begun.plusSeconds(14));
  }

  @Test
  void watch_gives_up_after_a_minute() {
    // Given
    Instant begun = cli.time.instant();
    var cli = new CliHarness(server.uri());
    server.close();
    // When
    Ended ended = cli.run("watch", "t");
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("Trying again for 60 s.", "arctic-synth: Nothing answers");
    assertThat(cli.time.instant()).isEqualTo(begun.plusSeconds(60));
  }

  @Test
  void the_list_follows_all_pages() {
    // Given
    server.answers(
        "GET /v1/tasks",
        Answer.ok(new Page<>(List.of(Tasks.completed("first", 7473, 2)), true, "c/1")),
        Answer.ok(new Page<>(List.of(Tasks.running("second-one", 0, 12)), false, null)));
    // When
    Ended ended = cli.run("list");
    // Then
    assertThat(ended.out().lines().map(line -> line.replaceAll("  (CREATED|\\d{4}-.*)$", "")))
        .containsExactly(
            "NAME        STATE      PROVIDER  REQUESTS  SUCCEEDED  FAILED",
            "first       completed  openai       7,475      7,473       2",
            "second-one  running    openai          12          0       0");
    assertThat(server.callLines()).containsExactly("GET /v1/tasks", "GET /v1/tasks?after=c%2F1");
  }

  @Test
  void a_list_with_a_japanese_name_lines_up() {
    // Given
    server.answers(
        "GET /v1/tasks",
        Answer.ok(
            new Page<>(
                List.of(Tasks.completed("翻訳タスク", 7473, 2), Tasks.running("plain", 0, 12)),
                false,
                null)));
    // When
    Ended ended = cli.run("list");
    // Then
    assertThat(ended.out().lines().map(line -> line.replaceAll("  (CREATED|\\d{4}-.*)$", "")))
        .containsExactly(
            "NAME        STATE      PROVIDER  REQUESTS  SUCCEEDED  FAILED",
            "翻訳タスク  completed  openai       7,475      7,473       2",
            "plain       running    openai          12          0       0");
  }

  @Test
  void status_without_a_task_is_the_list() {
    // Given
    server.answers("GET /v1/tasks", Answer.ok(new Page<>(List.of(), false, null)));
    // When
    Ended ended = cli.run("status", "--json");
    // Then
    assertThat(ended.out().strip()).isEqualTo("[]");
  }

  @Test
  void status_shows_a_task_and_its_partitions() {
    // Given
    var waiting = new WaitingFor("quota", "The provider's queue is full", null);
    server.answers("GET /v1/tasks/t", Answer.ok(Tasks.waiting(Tasks.running("t", 5, 12), waiting)));
    server.answers(
        "GET /v1/tasks/t/partitions",
        Answer.ok(
            new Page<>(
                List.of(
                    partition(0, "submitted", "batch_1", null), partition(1, "ready", null, "429")),
                false,
                null)));
    // When
    Ended ended = cli.run("status", "t");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out().lines())
        .contains(
            "Task      t",
            "State     running (2 submitted)",
            "Provider  openai, gpt-4o-mini",
            "Requests  12: 0 succeeded, 0 failed, 5 answered so far",
            "Waits for quota: The provider's queue is full.",
            "#  KIND  STATE      REQUESTS    SIZE  ATTEMPTS  NEXT  PROVIDER SAYS  BATCH",
            "0  base  submitted         6  2.0 kB         1     -  in_progress    batch_1",
            "partition 1: 429");
  }

  @Test
  void providers_are_a_table() {
    // Given
    server.answers("GET /v1/providers", Answer.ok(new Page<>(List.of(SIMULATOR), false, null)));
    // When
    Ended ended = cli.run("providers");
    // Then
    assertThat(ended.out().lines())
        .containsExactly(
            "NAME       TYPE       STATE  REQUESTS A BATCH  FILE SIZE  IN FLIGHT  URL",
            "simulator  simulator      -            50,000   200.0 MB          0 "
                + " http://127.0.0.1:1");
  }

  @Test
  void what_holds_a_provider_up_stands_below_the_table() {
    // Given
    var parked = new ProviderView.Health("parked", "credentials", "The key was refused", null);
    var quota = new ProviderView.Quota("gpt-4o", 2_000_000, 1_500_000, 3, 4, null, null);
    var openai =
        new ProviderView(
            "openai",
            "openai",
            SIMULATOR.url(),
            SIMULATOR.limits(),
            List.of(),
            3,
            parked,
            List.of(quota));
    server.answers("GET /v1/providers", Answer.ok(new Page<>(List.of(openai), false, null)));

    // When
    Ended ended = cli.run("providers");

    // Then
    assertThat(ended.out().lines())
        .containsExactly(
            "NAME    TYPE    STATE   REQUESTS A BATCH  FILE SIZE  IN FLIGHT  URL",
            "openai  openai  parked            50,000   200.0 MB          3  http://127.0.0.1:1",
            "openai: waits for credentials: The key was refused.",
            "openai: gpt-4o has 1,500,000 of 2,000,000 tokens enqueued, and 4 partitions waiting"
                + " for capacity.");
  }

  @Test
  void cancel_and_retry_print_the_state_of_the_task() {
    // Given
    server.answers("POST /v1/tasks/t/cancel", new Answer(202, java.util.Map.of(), ""));
    server.answers("POST /v1/tasks/t/retry", Answer.json(202, Tasks.running("t", 0, 3)));
    server.answers("GET /v1/tasks/t", Answer.ok(Tasks.running("t", 0, 3)));
    // When
    Ended cancelled = cli.run("cancel", "t");
    Ended retried = cli.run("retry", "t", "--json");
    // Then
    assertThat(cancelled.code()).isZero();
    assertThat(cancelled.err()).isEqualTo("Task t is running.%n".formatted());
    assertThat(retried.out()).contains("\"state\":\"running\"");
    assertThat(server.call("POST /v1/tasks/t/cancel").headers()).containsKey("Idempotency-key");
  }

  @Test
  void delete_deletes() {
    // Given
    server.answers("DELETE /v1/tasks/t", new Answer(204, java.util.Map.of(), ""));
    // When
    Ended ended = cli.run("delete", "t");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).isEqualTo("Task t is deleted.%n".formatted());
  }

  static final ProviderView SIMULATOR =
      new ProviderView(
          "simulator",
          "simulator",
          "http://127.0.0.1:1",
          new ProviderView.Limits(50_000, 200_000_000, 50_000),
          List.of(),
          0);

  private static PartitionView partition(
      int ordinal,
      String state,
      @org.jspecify.annotations.Nullable String batch,
      @org.jspecify.annotations.Nullable String error) {
    return new PartitionView(
        ordinal,
        "base",
        "openai",
        "gpt-4o-mini",
        null,
        "/v1/chat/completions",
        state,
        6,
        2048,
        1,
        null,
        batch,
        "in_progress",
        error,
        Instant.parse("2026-11-03T11:00:00Z"),
        null,
        null,
        null,
        null);
  }
}
