package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.api.model.ProviderView;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.CliHarness.Ended;
import dev.arcticsynth.cli.FakeServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  // Of "{}\n", so that the default name is known.
  private static final String SHA256 =
      "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356";
  private static final String NAME = "in-ca3d163b";
  private static final String TASK = "GET /v1/tasks/" + NAME;
  private static final String LINES = "{\"custom_id\":\"in_0\"}\n";

  private final FakeServer server = new FakeServer();
  private final CliHarness cli = new CliHarness(server.uri());

  @TempDir Path folder;
  private Path input = Path.of("");
  private Path output = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    cli.set("HOME", folder.toString());
    input = Files.writeString(folder.resolve("in.jsonl"), "{}\n");
    output = folder.resolve("out.jsonl");
    server.answers("GET /v1/tasks/" + NAME + "/results", Answer.lines(LINES));
    providers(provider("openai", "openai"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_new_file_is_submitted_waited_for_and_answered() {
    // Given
    server.answers("POST /v1/tasks", Answer.json(202, made(Tasks.running(NAME, 0, 1))));
    server.answers(
        TASK,
        unknown(),
        Answer.ok(made(Tasks.running(NAME, 0, 1))),
        Answer.ok(made(Tasks.completed(NAME, 1, 0))));
    // When
    Ended ended = run("--messages", "--model", "gpt-4o-mini");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(output).hasContent(LINES);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines())
        .contains(
            "Task      in-ca3d163b, completed",
            "Requests  1: 1 succeeded, 0 failed",
            "Tokens    4,600: 1,200 in, 3,400 out",
            "Results   " + output);
    assertThat(server.call("POST ").line())
        .isEqualTo(
            "POST /v1/tasks?name=%s&model=gpt-4o-mini&metadata.input_sha256=%s"
                .formatted(NAME, SHA256));
    assertThat(server.callLines()).contains(TASK + "/results?view=messages");
  }

  @Test
  void a_running_task_of_the_same_file_is_taken_up_and_not_sent_again() {
    // Given
    server.answers(
        TASK,
        Answer.ok(made(Tasks.running(NAME, 0, 1))),
        Answer.ok(made(Tasks.completed(NAME, 1, 1))));
    // When
    Ended ended = run();
    // Then
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("is running already", "--retry");
    assertThat(output).hasContent(LINES);
    assertThat(server.callLines()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void a_task_that_is_over_only_writes_the_output_again() throws IOException {
    // Given
    Files.writeString(output, "half a li");
    server.answers(TASK, Answer.ok(made(Tasks.completed(NAME, 1, 0))));
    // When
    Ended ended = run();
    // Then
    assertThat(ended.code()).isZero();
    assertThat(output).hasContent(LINES);
    assertThat(server.callLines()).noneMatch(line -> line.startsWith("POST"));
  }

  @Test
  void a_process_that_was_faster_with_the_same_file_is_joined() {
    // Given
    server.answers(
        "POST /v1/tasks",
        Answer.problem(new Problem("urn:taken", "Taken", 409, "taken", null, List.of(), null)));
    server.answers(TASK, unknown(), Answer.ok(made(Tasks.completed(NAME, 1, 0))));
    // When
    Ended ended = run();
    // Then
    assertThat(ended.code()).isZero();
  }

  @Test
  void a_task_of_another_file_is_not_taken_for_this_one() {
    // Given
    server.answers(
        "GET /v1/tasks/mine",
        Answer.ok(Tasks.of(Tasks.running("mine", 0, 1), "openai", Map.of("input_sha256", "0"))));
    // When
    Ended ended = run("--task", "mine");
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .contains("There is a task mine already", "choose another name with --task or delete");
    assertThat(output).doesNotExist();
  }

  @Test
  void a_task_of_another_provider_is_not_taken_for_this_one() {
    // Given
    server.answers(TASK, Answer.ok(made(Tasks.completed(NAME, 1, 0))));
    // When
    Ended ended = run("--provider", "azure");
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("its provider is openai");
  }

  @Test
  void simulated_answers_do_not_pass_for_real_ones_once_a_key_is_set() {
    // Given
    providers(TaskCommandsTest.SIMULATOR, provider("openai", "openai"));
    server.answers(TASK, Answer.ok(simulated(Tasks.completed(NAME, 1, 0))));
    // When
    Ended refused = run();
    Ended wanted = run("--provider", "simulator");
    // Then
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("its answers are simulated");
    assertThat(wanted.code()).isZero();
  }

  @Test
  void without_a_provider_it_says_that_answers_are_simulated() {
    // Given
    providers(TaskCommandsTest.SIMULATOR);
    server.answers("POST /v1/tasks", Answer.json(202, simulated(Tasks.running(NAME, 0, 1))));
    server.answers(TASK, unknown(), Answer.ok(simulated(Tasks.completed(NAME, 1, 0))));
    // When
    Ended ended = run();
    // Then
    assertThat(ended.err()).contains("SIMULATED", "OPENAI_API_KEY");
  }

  @Test
  void quiet_does_not_silence_that_answers_are_simulated_unless_they_were_asked_for() {
    // Given
    providers(TaskCommandsTest.SIMULATOR);
    server.answers(TASK, Answer.ok(simulated(Tasks.completed(NAME, 1, 0))));
    // When
    Ended quiet = run("-q");
    Ended asked = run("-q", "--provider", "simulator");
    // Then
    assertThat(quiet.err()).contains("SIMULATED");
    assertThat(asked.err()).isEmpty();
  }

  @Test
  void the_credentials_file_is_used_where_nothing_else_is_configured() throws IOException {
    // Given
    Path file = folder.resolve(".arctic_synth/credentials/default.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "api_key: sk-one\n");
    String account = accountOf("sk-one");
    providers(provider(account, "openai"));
    server.answers("POST /v1/tasks", Answer.json(202, made(Tasks.running(NAME, 0, 1), account)));
    server.answers(TASK, unknown(), Answer.ok(made(Tasks.completed(NAME, 1, 0), account)));
    // When
    Ended ended = run();
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("The credentials in " + file + " are used.");
    assertThat(cli.settings()).containsEntry("arctic.providers." + account + ".api-key", "sk-one");
    assertThat(server.call("POST ").line()).contains("&provider=" + account);
    // And when
    server.answers("POST /v1/tasks", Answer.json(202, made(Tasks.running(NAME, 0, 1))));
    server.answers(TASK, unknown(), Answer.ok(made(Tasks.completed(NAME, 1, 0))));
    providers(provider(account, "openai"), provider("acme", "openai"));
    Ended other = run();
    Ended named = run("-c", "~/.arctic_synth/credentials/default.yaml");
    // Then
    assertThat(other.code()).as(other.err()).isZero();
    assertThat(server.callLines()).anyMatch(call -> call.contains("&provider=acme"));
    assertThat(named.code()).isEqualTo(2);
    assertThat(named.err()).contains("its provider is openai");
  }

  @Test
  void a_credentials_file_that_cannot_be_used_does_not_lead_to_simulated_answers()
      throws IOException {
    // Given
    Path file = folder.resolve(".arctic_synth/credentials/default.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "organization: org-1\n");
    providers(TaskCommandsTest.SIMULATOR);
    server.answers(TASK, Answer.ok(simulated(Tasks.completed(NAME, 1, 0))));
    // When
    Ended refused = run("-q");
    Ended asked = run("--provider", "simulator");
    Ended both = run("--provider", "simulator", "-c", file.toString());
    // Then
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("has no api_key", "--provider simulator");
    assertThat(asked.code()).as(asked.err()).isZero();
    assertThat(both.code()).isEqualTo(2);
    assertThat(server.callLines()).noneMatch(call -> call.startsWith("POST"));
  }

  @Test
  void earlier_simulated_answers_do_not_pass_for_those_of_the_credentials_file()
      throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("c.yaml"), "api_key: sk-one\n");
    providers(provider(accountOf("sk-one"), "openai"));
    server.answers(TASK, Answer.ok(simulated(Tasks.completed(NAME, 1, 0))));
    // When
    Ended refused = run("-c", file.toString());
    // Then
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("its provider is simulator");
    assertThat(output).doesNotExist();
  }

  @Test
  void retry_asks_again_what_did_not_succeed() {
    // Given
    server.answers("POST /v1/tasks/" + NAME + "/retry", new Answer(202, Map.of(), ""));
    server.answers(
        TASK,
        Answer.ok(made(Tasks.completed(NAME, 1, 1))),
        Answer.ok(made(Tasks.running(NAME, 1, 2))),
        Answer.ok(made(Tasks.completed(NAME, 2, 0))));
    // When
    Ended ended = run("--retry");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(server.callLines()).contains("POST /v1/tasks/" + NAME + "/retry");
  }

  @Test
  void a_task_that_failed_ends_with_4_and_leaves_a_line_for_each_request() throws Exception {
    // Given
    Files.writeString(output, "an earlier run's");
    server.answers(TASK, Answer.ok(made(Tasks.failed(NAME, "The key is not valid."))));
    // When
    Ended ended = run("--json");
    // Then
    assertThat(ended.code()).isEqualTo(4);
    assertThat(ended.err()).contains("Failure   The key is not valid.");
    assertThat(ended.out()).hasLineCount(1).startsWith("{\"name\":\"in-ca3d163b\"");
    assertThat(output).hasContent(LINES);
  }

  @Test
  void bad_lines_end_with_2_and_leave_no_output() {
    // Given
    server.answers(
        "POST /v1/tasks",
        Answer.problem(
            new Problem(
                "urn:bad",
                "Bad lines",
                422,
                "1 line cannot be taken.",
                null,
                List.of(new Problem.Entry(1L, "/body", "missing", "has no body")),
                1L)));
    // When
    Ended ended = run();
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("line 1: has no body (missing)");
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(input));
  }

  private Ended run(String... options) {
    var args = new java.util.ArrayList<>(List.of("run", input.toString(), "-o", output.toString()));
    args.addAll(List.of(options));
    return cli.run(args.toArray(String[]::new));
  }

  private void providers(ProviderView... providers) {
    server.answers("GET /v1/providers", Answer.ok(new Page<>(List.of(providers), false, null)));
  }

  private static ProviderView provider(String name, String type) {
    return new ProviderView(
        name, type, "https://example.org", TaskCommandsTest.SIMULATOR.limits(), List.of(), 0);
  }

  /// Of OpenAI's own address, without organisation and project.
  private static String accountOf(String key) {
    return "openai-" + dev.arcticsynth.cli.client.Sha256.sha256("\n\n\n" + key).substring(0, 8);
  }

  private static TaskView made(TaskView task, String provider) {
    return Tasks.of(task, provider, Map.of("input_sha256", SHA256));
  }

  private static TaskView made(TaskView task) {
    return Tasks.of(task, "openai", Map.of("input_sha256", SHA256));
  }

  private static TaskView simulated(TaskView task) {
    return Tasks.of(task, "simulator", Map.of("input_sha256", SHA256));
  }

  private static Answer unknown() {
    return Answer.problem(
        new Problem("urn:unknown", "Unknown", 404, "no such task", null, List.of(), null));
  }
}
