package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.AdoptionView;
import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.api.model.PartitionView;
import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.api.model.TaskView;
import dev.arcticsynth.cli.CliHarness.Ended;
import dev.arcticsynth.cli.FakeServer.Answer;
import dev.arcticsynth.cli.client.Sha256;
import dev.arcticsynth.cli.terminal.Formats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The Python client's flags, against a server that answers as scripted.
class StepFlagsTest {
  private static final String LINE = "{\"custom_id\":\"t_%d\"}\n";
  private static final String TASK = "GET /v1/tasks/t";

  @TempDir Path work;

  private final FakeServer server = new FakeServer();
  private final CliHarness cli = new CliHarness(server.uri());

  @BeforeEach
  void prepare() throws IOException {
    Path requests = Files.createDirectories(work.resolve("t/requests"));
    for (int file : new int[] {10, 2, 1}) {
      String line = LINE.formatted(file);
      Files.writeString(requests.resolve("t_" + file + ".jsonl"), file == 2 ? line.strip() : line);
    }
    server.answers("GET /v1/providers", Answer.ok(new Page<>(List.of(), false, null)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-t t -d -r -s -u",
        "-t t -usrd",
        "-dsur -t=t",
        "--task t --upload --submit --retrieve --download",
        "--task=t -u --submit -rd",
        "-u -u -srdd -t nonsense -t t",
      })
  void flags_are_taken_in_every_form_and_done_in_their_order(String line) {
    // Given
    anUntroubledTask();
    // When
    Ended ended = run(line);
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(server.callLines().stream().filter(call -> call.startsWith("POST")))
        .map(call -> call.replaceFirst("\\?.*", ""))
        .containsExactly(
            "POST /v1/tasks",
            "POST /v1/tasks/t/upload",
            "POST /v1/tasks/t/adopt",
            "POST /v1/tasks/t/submit",
            "POST /v1/tasks/t/refresh",
            "POST /v1/tasks/t/refresh",
            "POST /v1/tasks/t/refresh");
    assertThat(ended.out().lines())
        .containsExactly(
            "File ID  Status",
            "file-0   uploaded",
            "Batch ID  Created at           Status",
            "batch-0   " + Formats.time(Tasks.BATCH_MADE) + "  in_progress",
            "Batch ID  Created at           Status",
            "batch-0   " + Formats.time(Tasks.BATCH_MADE) + "  finalizing");
  }

  @Test
  void files_go_in_numeric_order_in_one_call_that_can_be_repeated() {
    // Given
    anUntroubledTask();
    // When
    Ended ended = run("-t t -u");
    // Then
    assertThat(ended.err()).contains("1 request of 3 files is stored");
    FakeServer.Call made = server.call("POST /v1/tasks?");
    assertThat(made.body()).isEqualTo(LINE.formatted(1) + LINE.formatted(2) + LINE.formatted(10));
    assertThat(made.line()).contains("name=t&batch_size=1&auto=false&metadata.input_sha256=");
    assertThat(made.headers()).containsKey("Idempotency-Key");
    assertThat(work.resolve("t/file_ids.txt")).hasContent("file-0\n");
  }

  @Test
  void a_repeated_upload_sends_nothing() {
    // Given
    server.answers(TASK, Answer.ok(held(sha256())));
    partitions(partition("uploading", "file-0", null, null));
    server.answers("POST /v1/tasks/t/refresh", Answer.ok(Map.of()));
    // When
    Ended ended = run("-t t -u");
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("nothing is uploaded twice");
    assertThat(server.callLines()).noneMatch(call -> call.startsWith("POST /v1/tasks?"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-us", "-u", "-s", "-r", "-d"})
  void a_folder_that_another_client_has_submitted_is_taken_over(String steps) throws IOException {
    // Given
    server.answers("POST /v1/tasks", Answer.json(202, open()));
    server.answers(
        "POST /v1/tasks/t/adopt", adopted(new AdoptionView.AdoptedView("id-a", "id-f", 3)));
    server.answers("POST /v1/tasks/t/submit", Answer.ok(Map.of()));
    server.answers("POST /v1/tasks/t/refresh", Answer.ok(Map.of()));
    server.answers("GET /v1/tasks/t/results", Answer.lines("{}\n"));
    server.answers(
        TASK,
        unknown(),
        unknown(),
        Answer.ok(open()),
        Answer.ok(handedOver(Tasks.running("t", 0, 3))),
        Answer.ok(handedOver(Tasks.completed("t", 3, 0))));
    server.answers(
        TASK + "/partitions",
        page(),
        page(partition("submitted", "id-f", "id-a", "in_progress")),
        page(partition("downloaded", "id-f", "id-a", "completed")));
    if (steps.contains("u")) {
      server.answers(
          TASK,
          unknown(),
          Answer.ok(open()),
          Answer.ok(handedOver(Tasks.running("t", 0, 3))),
          Answer.ok(handedOver(Tasks.completed("t", 3, 0))));
    }
    Files.writeString(work.resolve("t/file_ids.txt"), "id-f");
    Files.writeString(work.resolve("t/batch_ids.txt"), "id-a\nb-2");
    // When
    Ended ended = run("-t t " + steps);
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err())
        .contains("1 batch with 3 requests of another client is taken over", "b-2 is left alone");
    assertThat(server.call("POST /v1/tasks/t/adopt").body())
        .isEqualTo("{\"batch_ids\":[\"id-a\",\"b-2\"],\"file_ids\":[\"id-f\"]}");
    assertThat(server.callLines()).doesNotContain("POST /v1/tasks/t/upload");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file_ids.txt", "batch_ids.txt"})
  void batches_that_cannot_be_taken_over_are_not_paid_again(String ids) throws IOException {
    // Given
    server.answers("POST /v1/tasks", Answer.json(202, open()));
    server.answers(TASK, unknown(), Answer.ok(open()));
    partitions();
    server.answers("POST /v1/tasks/t/adopt", refusedAdoption());
    Files.writeString(work.resolve("t").resolve(ids), "id-a\nid-b");
    // When
    Ended ended = run("-t t -us");
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .contains("request 'x'", "pay for the requests again", "move file_ids.txt");
    assertThat(server.callLines())
        .doesNotContain("POST /v1/tasks/t/upload", "POST /v1/tasks/t/submit");
    assertThat(work.resolve("t").resolve(ids)).hasContent("id-a\nid-b");
  }

  @Test
  void our_files_that_another_client_has_submitted_are_not_paid_again() throws IOException {
    // Given
    anUntroubledTask();
    server.answers(TASK, Answer.ok(held(sha256())), Answer.ok(Tasks.running("t", 0, 1)));
    server.answers(
        TASK + "/partitions",
        page(partition("uploading", "file-0", null, null)),
        page(partition("submitted", "file-0", "batch-of-another", "in_progress")));
    server.answers(
        "POST /v1/tasks/t/adopt",
        adopted(new AdoptionView.AdoptedView("batch-of-another", "file-0", 1)));
    Files.writeString(work.resolve("t/file_ids.txt"), "file-0\n");
    Files.writeString(work.resolve("t/batch_ids.txt"), "batch-of-another");
    // When
    Ended ended = run("-t t -s");
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(server.call("POST /v1/tasks/t/adopt").body())
        .isEqualTo("{\"batch_ids\":[\"batch-of-another\"],\"file_ids\":[]}");
    assertThat(work.resolve("t/batch_ids.txt")).hasContent("batch-of-another");
  }

  @Test
  void other_requests_in_the_folder_are_refused() {
    // Given
    server.answers(TASK, Answer.ok(held("0")));
    // When
    Ended ended = run("-t t -us");
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("has other requests than those", "-t", "delete");
    assertThat(server.callLines()).noneMatch(call -> call.startsWith("POST"));
  }

  @Test
  void bad_lines_are_reported_by_file() {
    // Given
    server.answers(
        "POST /v1/tasks",
        Answer.problem(
            new Problem(
                "urn:bad",
                "Bad lines",
                422,
                "2 lines cannot be taken.",
                null,
                List.of(
                    new Problem.Entry(2L, null, "invalid_json", "not JSON at column 4"),
                    new Problem.Entry(3L, "/custom_id", "duplicate", "the same as line 1")),
                2L)));
    // When
    Ended ended = run("-t t -u");
    // Then
    assertThat(ended.code()).isEqualTo(2);
    Path requests = work.resolve("t/requests");
    assertThat(ended.err())
        .contains(
            "  %s line 1: not JSON at column 4".formatted(requests.resolve("t_2.jsonl")),
            "  %s line 1: the same as %s line 1"
                .formatted(requests.resolve("t_10.jsonl"), requests.resolve("t_1.jsonl")));
    assertThat(work.resolve("t")).isDirectoryNotContaining("glob:**.txt");
  }

  @Test
  void a_download_before_its_time_writes_nothing() {
    // Given
    server.answers(TASK, Answer.ok(held(sha256())));
    partitions(partition("uploading", "file-0", null, null));
    // When
    Ended early = run("-t t -d");
    // Then
    assertThat(early.code()).isEqualTo(2);
    assertThat(early.err()).contains("nothing was written", "-s");
    // And when
    server.answers(TASK, Answer.ok(Tasks.running("t", 0, 3)));
    partitions(partition("submitted", "file-0", "batch-0", "in_progress"));
    server.answers("POST /v1/tasks/t/refresh", Answer.ok(Map.of()));
    Ended running = run("-t t -d");
    // Then
    assertThat(running.code()).isEqualTo(2);
    assertThat(running.err()).contains("is not over", "nothing was written", "--wait");
    assertThat(work.resolve("t/downloads")).doesNotExist();
    assertThat(work.resolve("t/results.jsonl")).doesNotExist();
  }

  @Test
  void a_batch_id_cannot_choose_where_its_file_goes() {
    // Given
    server.answers(TASK, Answer.ok(Tasks.completed("t", 3, 0)));
    partitions(partition("downloaded", "file-0", "../../../evil", "completed"));
    server.answers("GET /v1/tasks/t/results", Answer.lines("{}\n"));
    // When
    Ended ended = run("-t t -d");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(work.resolve("t/downloads"))
        .isDirectoryContaining("glob:**/batch-????????????????.jsonl");
    assertThat(work.resolve("t/results.jsonl")).hasContent("{}");
  }

  @Test
  void requests_that_failed_end_with_1_and_a_failed_task_with_4() {
    // Given
    server.answers(TASK, Answer.ok(Tasks.completed("t", 0, 3)));
    partitions(partition("downloaded", "file-0", "batch-0", "completed"));
    server.answers("GET /v1/tasks/t/results", Answer.lines("{}\n"));
    // When
    Ended ended = run("-t t -d");
    // Then
    assertThat(ended.code()).isEqualTo(1);
    assertThat(work.resolve("t/results.jsonl")).hasContent("{}");
    // And when
    server.answers(TASK, Answer.ok(Tasks.failed("t", "The key is not valid.")));
    Ended failed = run("-t t -d --json");
    // Then
    assertThat(failed.code()).isEqualTo(4);
    assertThat(failed.err()).contains("Failure   The key is not valid.");
    assertThat(failed.out()).hasLineCount(1).startsWith("{\"step\":\"download\",\"name\":\"t\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-u", "-s", "-r", "-us", "-u -s -r"})
  void a_step_that_finds_its_task_failed_or_cancelled_ends_with_4_and_the_reason(String steps) {
    // Given
    partitions(partition("failed", "file-0", null, null));
    server.answers(TASK, Answer.ok(handedOver(Tasks.failed("t", "The batch was refused."))));
    // When
    Ended failed = run("-t t " + steps);
    // Then
    assertThat(failed.code()).as(failed.err()).isEqualTo(4);
    assertThat(failed.err()).contains("Task t is failed. Reason: The batch was refused.");
    assertThat(failed.out()).contains("failed");
    // And when
    server.answers(TASK, Answer.ok(handedOver(Tasks.cancelled("t"))));
    Ended cancelled = run("-t t " + steps);
    // Then
    assertThat(cancelled.code()).as(cancelled.err()).isEqualTo(4);
    assertThat(cancelled.err()).contains("Task t is cancelled.");
  }

  @Test
  void a_task_that_fails_while_its_batches_are_made_ends_with_4() {
    // Given
    anUntroubledTask();
    server.answers(
        TASK,
        unknown(),
        Answer.ok(held(sha256())),
        Answer.ok(held(sha256())),
        Answer.ok(handedOver(Tasks.failed("t", "The batch was refused."))));
    server.answers(
        TASK + "/partitions",
        page(partition("uploading", "file-0", null, null)),
        page(partition("uploading", "file-0", null, null)),
        page(partition("failed", "file-0", null, null)));
    // When
    Ended ended = run("-t t -u -s");
    // Then
    assertThat(ended.code()).as(ended.err()).isEqualTo(4);
    assertThat(ended.err()).contains("The batch was refused.");
  }

  @Test
  void a_failed_task_that_is_asked_again_is_not_failed() {
    // Given
    server.answers("POST /v1/tasks/t/retry", Answer.ok(Map.of()));
    Answer failed = Answer.ok(handedOver(Tasks.failed("t", "The batch was refused.")));
    server.answers(TASK, failed, failed, failed, Answer.ok(Tasks.running("t", 0, 3)));
    server.answers(
        TASK + "/partitions",
        page(partition("failed", "file-0", null, null)),
        page(partition("failed", "file-0", null, null)),
        page(partition("submitted", "file-0", "batch-0", "in_progress")));
    // When
    Ended ended = run("-t t -u -s --retry");
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(server.callLines()).contains("POST /v1/tasks/t/retry");
  }

  @Test
  void answers_that_are_errors_fail_no_step_but_the_download() {
    // Given
    server.answers(TASK, Answer.ok(handedOver(Tasks.completed("t", 1, 2))));
    partitions(partition("downloaded", "file-0", "batch-0", "completed"));
    // When
    Ended ended = run("-t t -u -s -r");
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
  }

  @Test
  void a_failed_task_leaves_results_that_say_why_and_none_of_an_earlier_end() throws IOException {
    // Given
    Files.writeString(work.resolve("t/results.jsonl"), "{\"custom_id\":\"of before\"}\n");
    String lines = "{\"custom_id\":\"t_1\",\"error\":{\"code\":\"refused\"}}\n";
    server.answers("GET /v1/tasks/t/results", Answer.lines(lines));
    server.answers(TASK, Answer.ok(handedOver(Tasks.failed("t", "The batch was refused."))));
    partitions(partition("failed", "file-0", null, null));
    // When
    Ended ended = run("-t t -usrd --messages");
    // Then
    assertThat(ended.code()).as(ended.err()).isEqualTo(4);
    assertThat(work.resolve("t/results.jsonl")).hasContent(lines);
    assertThat(work.resolve("t/messages.jsonl")).hasContent(lines);
    assertThat(work.resolve("t/downloads")).doesNotExist();
    assertThat(ended.err())
        .contains("Failure   The batch was refused.", "Results   " + work.resolve("t"), "--retry");
  }

  @Test
  void a_cancel_waits_until_each_batch_was_asked_to_stop() {
    // Given
    server.answers("POST /v1/tasks/t/cancel", Answer.ok(Map.of()));
    server.answers(
        TASK,
        Answer.ok(Tasks.running("t", 0, 3)),
        Answer.ok(Tasks.in("cancelling", Tasks.running("t", 0, 3))));
    server.answers(
        TASK + "/partitions",
        page(partition("submitted", "file-0", "batch-0", "in_progress")),
        page(partition("submitted", "file-0", "batch-0", "in_progress")),
        page(partition("cancelling", "file-0", "batch-0", "cancelling")));
    // When
    Ended ended = run("-t t --cancel");
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("batch-0", "cancelling");
    // And when
    server.answers(TASK, Answer.ok(Tasks.cancelled("t")));
    partitions(partition("cancelled", "file-0", null, null));
    Ended again = run("-t t --cancel");
    // Then
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).contains("nothing to cancel");
    assertThat(server.callLines()).containsOnlyOnce("POST /v1/tasks/t/cancel");
  }

  @Test
  void what_waits_for_a_person_ends_with_3_and_its_reason() {
    // Given
    var waits =
        new TaskView.WaitingFor("credentials", "provider 'openai' refuses the credentials.", null);
    server.answers(TASK, Answer.ok(Tasks.waiting(Tasks.running("t", 0, 3), waits)));
    partitions(partition("parked", null, null, null));
    server.answers("POST /v1/tasks/t/submit", Answer.ok(Map.of()));
    server.answers("POST /v1/tasks/t/refresh", Answer.ok(Map.of()));
    // When
    Ended ended = run("-t t -s");
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("refuses the credentials");
  }

  @Test
  void a_server_that_is_away_for_a_moment_fails_no_step() {
    // Given: each of the calls finds it away once
    var away = new Answer(503, Map.of("Retry-After", "1"), "");
    server.answers(TASK, away, Answer.ok(handedOver(Tasks.running("t", 0, 3))));
    server.answers(
        TASK + "/partitions", away, page(partition("submitted", "file-0", "batch-0", "running")));
    server.answers("POST /v1/tasks/t/submit", away, Answer.ok(Map.of()));
    server.answers("POST /v1/tasks/t/refresh", away, Answer.ok(Map.of()));
    // When
    Ended ended = run("-t t -u -s");
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("status 503. Trying again", "answers again");
    assertThat(server.callLines())
        .filteredOn(call -> call.equals("POST /v1/tasks/t/submit"))
        .hasSize(2);
  }

  @Test
  void a_provider_that_stays_silent_ends_with_3() {
    // Given
    var waits = new TaskView.WaitingFor("provider", "upload: Connection refused.", null);
    server.answers(TASK, Answer.ok(Tasks.waiting(Tasks.running("t", 0, 3), waits)));
    partitions(partition("ready", null, null, null));
    server.answers("POST /v1/tasks/t/submit", Answer.ok(Map.of()));
    server.answers("POST /v1/tasks/t/refresh", Answer.ok(Map.of()));
    // When
    Ended ended = run("-t t -s");
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("has not answered for 5 min 0 s", "Connection refused");
  }

  @Test
  void without_an_action_the_help_is_printed() {
    // When
    Ended ended = run("-t t");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .contains("--credential", "--work_dir", "--upload", "--clean_files_older_than_n_days");
    assertThat(server.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-u",
        "-t .. -u",
        "-t a/b -u",
        "-t missing -u",
        "-t empty -usrd",
        "-t blank -u",
        "-t unreadable -u",
        "-t t -u --wait",
        "-t t -u --yes",
        "-t t -r --retry",
        "-t t --provider a/b -r",
        "-t t -u list",
        "-t t -r nonsense",
        "--clean_files_older_than_n_days -1",
        "--clean_files_older_than_n_days=-1",
        "--clean_files_older_than_n_days many",
        "--all",
        "-x",
      })
  void what_cannot_be_done_ends_with_2_and_a_sentence(String line) throws IOException {
    // Given
    Files.createDirectories(work.resolve("empty/requests"));
    Files.createDirectories(work.resolve("unreadable/requests/r_0.jsonl"));
    Files.writeString(
        Files.createDirectories(work.resolve("blank/requests")).resolve("b_0.jsonl"), "");
    // When
    Ended ended = line.equals("--all") ? run("--all --yes -r -t t") : run(line);
    // Then
    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.err()).startsWith("arctic-synth: ").doesNotContain("Exception", "\tat ");
    assertThat(ended.out()).isEmpty();
    assertThat(server.calls()).isEmpty();
  }

  @Test
  void alone_it_starts_a_service_with_the_credentials_and_keeps_to_their_account()
      throws IOException {
    // Given
    cli.alone();
    Path file = Files.writeString(work.resolve("c.yaml"), "api_key: sk-one\n");
    // When
    Ended missing = run("-t t -r -c " + work.resolve("no.yaml"));
    Ended asked = run("-t t -u -c " + file);
    String name = cli.settings().keySet().iterator().next().split("\\.")[2];
    Files.writeString(file, "api_key: sk-two\n");
    Ended other = run("-t t -r -c " + file);
    Ended same = run("-t t -r --same-account -c " + file);
    Ended again = run("-t t -r -c " + file);
    // Then
    assertThat(missing.code()).isEqualTo(2);
    assertThat(asked.err()).contains("chmod 600").doesNotContain("sk-one");
    assertThat(name).matches("openai-[0-9a-f]{8}");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains(name, "--same-account");
    for (Ended let : List.of(same, again)) {
      assertThat(let.err()).contains("Nothing of task t was uploaded");
    }
    assertThat(cli.settings())
        .containsEntry("arctic.providers." + name + ".api-key", "sk-two")
        .containsEntry("arctic.providers." + name + ".type", "openai");
    assertThat(server.callLines()).anyMatch(call -> call.matches("GET /v1/tasks/t-[0-9a-f]{8}"));
  }

  @Test
  void a_folder_that_was_moved_is_the_same_task() throws IOException {
    // Given
    cli.alone();
    cli.set("HOME", work.toString());
    Files.writeString(work.resolve("c.yaml"), "api_key: sk-one\n");
    Ended _ = run("-t t -u -c ~/c.yaml");
    String before = called();
    // When
    Path _ = Files.move(work.resolve("t"), work.resolve("moved"));
    Ended _ = run("-t moved -r -c ~/c.yaml");
    // Then
    assertThat(before).matches("GET /v1/tasks/t-[0-9a-f]{8}");
    assertThat(called()).isEqualTo(before);
    assertThat(work.resolve("moved/account.txt")).content().contains("task: t-", "openai-");
  }

  private String called() {
    return server.callLines().stream()
        .filter(call -> call.matches("GET /v1/tasks/[^/]+"))
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  @Test
  void with_a_server_the_credentials_stay_here() throws IOException {
    // Given
    Path file = Files.writeString(work.resolve("c.yaml"), "api_key: sk-s3cret\n");
    // When
    Ended ended = run("-t t -r -c " + file);
    // Then
    assertThat(ended.err()).contains("stay here");
    assertThat(cli.settings()).isEmpty();
    assertThat(server.calls().toString()).doesNotContain("s3cret");
  }

  private void anUntroubledTask() {
    server.answers("POST /v1/tasks", Answer.json(202, open()));
    server.answers("POST /v1/tasks/t/upload", Answer.ok(Map.of()));
    server.answers("POST /v1/tasks/t/adopt", adopted());
    server.answers("POST /v1/tasks/t/submit", Answer.ok(Map.of()));
    server.answers("POST /v1/tasks/t/refresh", Answer.ok(Map.of()));
    server.answers("GET /v1/tasks/t/results", Answer.lines("{}\n"));
    server.answers(
        TASK,
        unknown(),
        Answer.ok(held(sha256())),
        Answer.ok(held(sha256())),
        Answer.ok(Tasks.running("t", 0, 1)),
        Answer.ok(Tasks.running("t", 0, 1)),
        Answer.ok(Tasks.running("t", 0, 1)),
        Answer.ok(Tasks.running("t", 0, 1)),
        Answer.ok(Tasks.completed("t", 1, 0)));
    server.answers(
        TASK + "/partitions",
        page(partition("uploading", "file-0", null, null)),
        page(partition("uploading", "file-0", null, null)),
        page(partition("submitted", "file-0", "batch-0", "in_progress")),
        page(partition("submitted", "file-0", "batch-0", "in_progress")),
        page(partition("submitted", "file-0", "batch-0", "finalizing")),
        page(partition("submitted", "file-0", "batch-0", "finalizing")),
        page(partition("downloaded", "file-0", "batch-0", "completed")));
  }

  private void partitions(PartitionView... partitions) {
    server.answers(TASK + "/partitions", page(partitions));
  }

  private static Answer adopted(AdoptionView.AdoptedView... batches) {
    return Answer.ok(
        new AdoptionView(
            List.of(batches), List.of(new AdoptionView.LeftView("b-2", "has no answers"))));
  }

  private static Answer refusedAdoption() {
    return Answer.problem(
        new Problem(
            "https://arcticsynth.dev/problems/adoption-refused",
            "Batch not adopted",
            409,
            "Batch id-a holds a request 'x' that this task does not have.",
            null,
            List.of(),
            null));
  }

  private static Answer page(PartitionView... partitions) {
    return Answer.ok(new Page<>(List.of(partitions), false, null));
  }

  private static PartitionView partition(
      String state, @Nullable String file, @Nullable String batch, @Nullable String word) {
    return new PartitionView(
        0,
        "base",
        "openai",
        "m",
        null,
        "/v1/chat/completions",
        state,
        1,
        100,
        1,
        file,
        batch,
        word,
        null,
        Tasks.BATCH_MADE,
        batch == null ? null : Instant.parse("2026-11-03T13:00:00Z"),
        null,
        null,
        batch == null ? null : Tasks.BATCH_MADE);
  }

  /// Of the lines of all files, in the order of their numbers.
  private static String sha256() {
    return Sha256.sha256(LINE.formatted(1) + LINE.formatted(2) + LINE.formatted(10));
  }

  private static TaskView open() {
    return Tasks.in("open", Tasks.running("t", 0, 1));
  }

  private static TaskView held(String sha256) {
    var waits = new TaskView.WaitingFor("caller", "1 partition waits for you.", null);
    return Tasks.of(
        Tasks.waiting(Tasks.running("t", 0, 1), waits), "openai", Map.of("input_sha256", sha256));
  }

  private static TaskView handedOver(TaskView task) {
    return Tasks.of(task, "openai", Map.of("input_sha256", sha256()));
  }

  private static Answer unknown() {
    return Answer.problem(
        new Problem("urn:unknown", "Unknown", 404, "no such task", null, List.of(), null));
  }

  private Ended run(String line) {
    return cli.run(("-w " + work + " " + line).split(" "));
  }
}
