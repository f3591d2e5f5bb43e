package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.DeletedFileView;
import dev.arcticsynth.api.model.FileView;
import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.cli.CliHarness.Ended;
import dev.arcticsynth.cli.FakeServer.Answer;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilesCommandTest {
  private static final String LIST = "GET /v1/providers/openai/files";
  private static final String DELETE = "DELETE /v1/providers/openai/files";

  private final FakeServer server = new FakeServer();
  private final CliHarness cli = new CliHarness(server.uri());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void files_of_all_pages_are_listed() {
    // Given
    server.answers(
        LIST,
        Answer.ok(new Page<>(List.of(file("file-1", "ours", false)), true, "file-1")),
        Answer.ok(new Page<>(List.of(file("file-2", "others", true)), false, null)));
    // When
    Ended ended = cli.run("files", "--provider", "openai", "--older-than", "30", "--all");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out().lines()).hasSize(3);
    assertThat(ended.out()).contains("file-1", "ours", "file-2", "others", "1.5 kB");
    assertThat(server.callLines())
        .containsExactly(
            LIST + "?older_than_days=30&owner=all&limit=1000",
            LIST + "?older_than_days=30&owner=all&limit=1000&after=file-1");
  }

  @Test
  void json_is_one_line_whatever_is_there() {
    // Given
    server.answers(LIST, page());
    // When
    Ended ended = cli.run("files", "--provider", "openai", "--json");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).isEqualTo("[]%n".formatted());
  }

  @Test
  void what_was_listed_and_confirmed_is_deleted_and_what_is_needed_is_not_asked_for() {
    // Given
    cli.answers("y");
    server.answers(
        LIST,
        page(
            file("file-1", "ours", false),
            file("file-2", "ours", true),
            file("file-3", "ours", false)));
    server.answers(DELETE, outcomes(gone("file-1"), gone("file-3")));
    // When
    Ended ended = cli.run("files", "--provider", "openai", "--older-than", "7", "--delete");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.err())
        .contains(
            "1 files are needed",
            "Delete 2 files of provider openai? (y/N)",
            "2 of 2 files deleted.");
    assertThat(server.callLines().getLast())
        .isEqualTo(DELETE + "?older_than_days=7&owner=ours&ids=file-1%2Cfile-3&confirm=true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "n", "no", "nay", "yellow"})
  void anything_but_a_yes_deletes_nothing(String answer) {
    // Given
    cli.answers(answer);
    server.answers(LIST, page(file("file-1", "ours", false)));
    // When
    Ended ended = cli.run("files", "--provider", "openai", "--older-than", "7", "--delete");
    // Then
    assertThat(ended.code()).isZero();
    assertThat(ended.err()).contains("Nothing was deleted.");
    assertThat(server.callLines()).hasSize(1);
  }

  @Test
  void without_a_terminal_nothing_is_deleted_without_yes() {
    // Given
    server.answers(LIST, page(file("file-1", "ours", false)));
    server.answers(DELETE, outcomes(gone("file-1")));
    // When
    Ended refused = cli.run("files", "--provider", "openai", "--older-than", "7", "--delete");
    // Then
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("Nothing was deleted", "--yes");
    assertThat(server.callLines()).hasSize(1);
    // And when
    Ended ended =
        cli.run(
            "files",
            "--provider",
            "openai",
            "--older-than",
            "7",
            "--delete",
            "--yes",
            "--json",
            "-q");
    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("{\"id\":\"file-1\",\"outcome\":\"deleted\"}");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void many_are_deleted_in_calls_of_fifty_until_the_provider_gives_up() {
    // Given
    var files = IntStream.range(0, 120).mapToObj(n -> file("f" + n, "ours", false)).toList();
    server.answers(LIST, Answer.ok(new Page<>(files, false, null)));
    server.answers(
        DELETE,
        outcomes(gone("f0")),
        outcomes(
            new DeletedFileView("f50", "failed", "status 500"),
            new DeletedFileView("f51", "not_tried", "others failed")));
    // When
    Ended ended =
        cli.run("files", "--provider", "openai", "--older-than", "0", "--delete", "--yes");
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(server.calls()).hasSize(3);
    assertThat(server.callLines().get(1)).contains("f0%2C", "f49&").doesNotContain("f50");
    assertThat(ended.err()).contains("f50: failed. status 500", "f119: not_tried.");
  }

  @Test
  void a_call_that_fails_on_the_way_says_what_is_gone_already() {
    // Given
    var files = IntStream.range(0, 60).mapToObj(n -> file("f" + n, "ours", false)).toList();
    server.answers(LIST, Answer.ok(new Page<>(files, false, null)));
    server.answers(
        DELETE,
        outcomes(gone("f0")),
        Answer.problem(
            new Problem(
                "urn:x", "Provider call failed", 502, "status 500", null, List.of(), null)));
    // When
    Ended ended =
        cli.run("files", "--provider", "openai", "--older-than", "0", "--delete", "--yes");
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("1 files were deleted before", "status 500");
  }

  @Test
  void a_server_that_cannot_answer_for_now_is_asked_again_and_no_deletion_twice() {
    // Given
    var busy =
        Answer.problem(
            new Problem(
                "urn:account-not-ready",
                "Provider account not ready",
                503,
                "A sweep is under way.",
                null,
                List.of(),
                null));
    var files = IntStream.range(0, 60).mapToObj(n -> file("f" + n, "ours", false)).toList();
    server.answers(LIST, busy, Answer.ok(new Page<>(files, false, null)));
    server.answers(DELETE, outcomes(gone("f0")), busy, busy, outcomes(gone("f50")));
    // When
    Ended ended =
        cli.run("files", "--provider", "openai", "--older-than", "0", "--delete", "--yes");
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("Provider account not ready", "answers again", "2 of 2 files");
    assertThat(server.callLines().stream().filter(call -> call.contains("ids=f0"))).hasSize(1);
    assertThat(server.callLines().stream().filter(call -> call.contains("ids=f50"))).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--provider openai --older-than -1",
        "--provider openai --older-than x",
        "--provider openai --older-than 1.5",
        "--provider openai --delete --yes",
        "--provider openai --older-than 1 --yes",
        "--older-than 1",
      })
  void what_makes_no_sense_is_refused_before_anything_is_asked(String options) {
    // When
    Ended ended = cli.run(("files " + options).split(" "));
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).isNotBlank();
    assertThat(server.calls()).isEmpty();
  }

  private static Answer page(FileView... files) {
    return Answer.ok(new Page<>(List.of(files), false, null));
  }

  private static Answer outcomes(DeletedFileView... files) {
    return Answer.ok(new Page<>(List.of(files), false, null));
  }

  private static DeletedFileView gone(String id) {
    return new DeletedFileView(id, "deleted", null);
  }

  private static FileView file(String id, String owner, boolean inUse) {
    @Nullable String task = owner.equals("ours") ? "mine" : null;
    return new FileView(
        id,
        id + ".jsonl",
        "batch",
        1_500L,
        Instant.parse("2026-11-03T11:00:00Z"),
        owner,
        task,
        inUse);
  }
}
