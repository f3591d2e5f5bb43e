package dev.arcticsynth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.api.model.DeletedFileView;
import dev.arcticsynth.api.model.FileView;
import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.cli.CliHarness.Ended;
import dev.arcticsynth.cli.FakeServer.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CleanFilesStepTest {
  private static final String FILES = "/v1/providers/openai/files";

  private final FakeServer server = new FakeServer();
  private final CliHarness cli = new CliHarness(server.uri());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void files_are_listed_and_deleted_on_a_yes() {
    // Given
    twoPages();
    cli.answers("y");
    // When
    Ended ended = clean("30");
    // Then
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out().lines().map(line -> line.split(" ")[0]))
        .containsExactly("File", "file-old", "file-b", "file-a");
    assertThat(ended.err())
        .contains(
            "Delete 3 files of provider openai? (y/N)", "1 more are needed", "2 of 3 files deleted")
        .contains("file-b: kept. It is not old enough.");
    assertThat(server.callLines())
        .containsExactly(
            "GET " + FILES + "?older_than_days=30&owner=ours&limit=1000",
            "GET " + FILES + "?older_than_days=30&owner=ours&limit=1000&after=file-a",
            "DELETE "
                + FILES
                + "?older_than_days=30&owner=ours&ids=file-old%2Cfile-b%2Cfile-a&confirm=true");
  }

  @Test
  void anything_but_yes_deletes_nothing() {
    // Given
    twoPages();
    for (String answer : List.of("", "n", "yes please", "N")) {
      cli.answers(answer);
      // When
      Ended ended = clean("30");
      // Then
      assertThat(ended.code()).isZero();
      assertThat(ended.err()).contains("Nothing was deleted.");
    }
    assertThat(server.callLines()).noneMatch(call -> call.startsWith("DELETE"));
  }

  @Test
  void without_a_terminal_only_the_list_is_shown() {
    // Given
    twoPages();
    // When
    Ended ended = clean("0", "--all");
    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).contains("file-old");
    assertThat(ended.err()).contains("Nothing was deleted", "--yes");
    assertThat(server.callLines())
        .allMatch(call -> call.startsWith("GET ") && call.contains("owner=all"));
  }

  @Test
  void many_files_go_in_calls_of_fifty_and_a_provider_that_fails_is_reported() {
    // Given
    var files = new ArrayList<FileView>();
    for (int n = 0; n < 60; n++) {
      files.add(file("file-" + n, null, false));
    }
    server.answers("GET " + FILES, Answer.ok(new Page<>(files, false, null)));
    server.answers(
        "DELETE " + FILES,
        fates(fate("file-0", "deleted", null)),
        fates(fate("file-50", "failed", "No.")));
    // When
    Ended ended = clean("1", "--yes", "--quiet");
    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err()).contains("file-50: failed. No.");
    assertThat(server.callLines().stream().filter(call -> call.startsWith("DELETE"))).hasSize(2);
  }

  private void twoPages() {
    Instant old = Instant.parse("2026-01-01T00:00:00Z");
    server.answers(
        "GET " + FILES,
        Answer.ok(new Page<>(List.of(file("file-a", old.plusSeconds(9), false)), true, "file-a")),
        Answer.ok(
            new Page<>(
                List.of(
                    file("file-b", old.plusSeconds(5), false),
                    file("file-old", old, false),
                    file("file-live", old, true)),
                false,
                null)));
    server.answers(
        "DELETE " + FILES,
        fates(
            fate("file-old", "deleted", null),
            fate("file-b", "kept", "It is not old enough."),
            fate("file-a", "deleted", null)));
  }

  private static Answer fates(DeletedFileView... fates) {
    return Answer.ok(new Page<>(List.of(fates), false, null));
  }

  private static DeletedFileView fate(String id, String outcome, @Nullable String detail) {
    return new DeletedFileView(id, outcome, detail);
  }

  private static FileView file(String id, @Nullable Instant createdAt, boolean inUse) {
    return new FileView(id, "x.jsonl", "batch", 1234L, createdAt, "ours", null, inUse);
  }

  private Ended clean(String days, String... more) {
    var args =
        new ArrayList<>(List.of("--clean_files_older_than_n_days", days, "--provider", "openai"));
    args.addAll(List.of(more));
    return cli.run(args.toArray(String[]::new));
  }
}
