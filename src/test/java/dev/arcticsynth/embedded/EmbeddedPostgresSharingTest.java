package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.arcticsynth.support.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With real processes, some of which are killed.
@Tag(Tier.WIDE_TAG)
class EmbeddedPostgresSharingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void processes_share_one_server_and_the_last_one_out_stops_it() throws Exception {
    // Given
    Path home = TestHomes.in(folder);
    try (MemberProcess first = MemberProcess.join(home);
        MemberProcess second = MemberProcess.join(home)) {
      String url = first.says();
      assertThat(second.says()).isEqualTo(url);
      long pid = pid(home);

      // When
      first.leave();

      // Then
      assertThat(ProcessHandle.of(pid)).isPresent();
      second.leave();
      MemberProcess.awaitEndOf(pid);
    }
  }

  @Test
  void processes_that_start_together_in_an_empty_home_end_up_with_one_server() throws Exception {
    // Given
    Path empty = folder.resolve("not/there/yet");

    // When
    try (MemberProcess one = MemberProcess.join(empty);
        MemberProcess other = MemberProcess.join(empty)) {
      // Then
      assertThat(one.says()).startsWith("jdbc:postgresql://").isEqualTo(other.says());
      one.leave();
      other.leave();
    }
  }

  @Test
  void a_server_outlives_its_killed_starter_and_the_next_member_takes_it_over() throws Exception {
    // Given
    Path home = TestHomes.in(folder);
    String url;
    try (MemberProcess starter = MemberProcess.join(home)) {
      url = starter.says();
      starter.kill();
    }
    long pid = pid(home);

    // When
    try (EmbeddedPostgres next = EmbeddedPostgres.join(home)) {
      // Then
      assertThat(next.jdbcUrl()).isEqualTo(url);
      assertThat(Sql.ask(next, "select 1")).isEqualTo("1");
    }
    MemberProcess.awaitEndOf(pid);
    assertThat(names(home.resolve("postgres/members"))).isEmpty();
  }

  @Test
  void a_server_that_was_killed_is_started_again_by_its_members_on_its_port() throws Exception {
    // Given
    Path home = TestHomes.in(folder);
    try (MemberProcess first = MemberProcess.join(home);
        EmbeddedPostgres second = EmbeddedPostgres.join(home)) {
      assertThat(first.says()).isEqualTo(second.jdbcUrl());
      Sql.run(second, "create table kept as select 42 as answer");
      ProcessHandle killed = ProcessHandle.of(pid(home)).orElseThrow();

      // When
      assertThat(killed.destroyForcibly()).isTrue();
      MemberProcess.awaitEndOf(killed.pid());

      // Then
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(SQLException.class)
          .until(() -> Sql.ask(second, "select answer from kept").equals("42"));
      assertThat(pid(home)).isNotEqualTo(killed.pid());
      first.leave();
    }
    assertThat(Postmaster.running(home.resolve("postgres/data"))).isEmpty();
  }

  @Test
  void who_joins_right_after_the_server_was_killed_starts_it_where_the_others_look_for_it()
      throws Exception {
    // Given
    Path home = TestHomes.in(folder);
    try (EmbeddedPostgres first = EmbeddedPostgres.join(home)) {
      ProcessHandle killed = ProcessHandle.of(pid(home)).orElseThrow();
      assertThat(killed.destroyForcibly()).isTrue();
      MemberProcess.awaitEndOf(killed.pid());

      // When
      try (EmbeddedPostgres next = EmbeddedPostgres.join(home)) {
        // Then
        assertThat(next.jdbcUrl()).isEqualTo(first.jdbcUrl());
        assertThat(Sql.ask(first, "select 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void a_start_that_was_killed_half_way_does_not_look_like_damage() throws Exception {
    // Given
    Path home = TestHomes.in(folder);
    try (MemberProcess interrupted = MemberProcess.join(home)) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> names(home.resolve("postgres")).stream().anyMatch(this::isUnfinished));
      interrupted.kill();
    }
    assertThat(home.resolve("postgres/data")).doesNotExist();

    // When
    try (EmbeddedPostgres next = EmbeddedPostgres.join(home)) {
      // Then
      assertThat(Sql.ask(next, "select 1")).isEqualTo("1");
    }
    EmbeddedPostgres.join(home).close();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(names(home.resolve("postgres"))).noneMatch(this::isUnfinished));
  }

  @Test
  void a_home_in_use_by_another_container_is_refused() throws Exception {
    // Given: a member that lives, but not as a process which we can see
    Path home = TestHomes.in(folder);
    Path member = home.resolve("postgres/members/1-0-elsewhere");
    try (MemberProcess elsewhere = MemberProcess.lock(member)) {
      assertThat(elsewhere.says()).isEqualTo("locked");

      // Then
      assertThatThrownBy(() -> EmbeddedPostgres.join(home))
          .isInstanceOf(EmbeddedPostgresException.class)
          .hasMessageContaining("another container");
    }
  }

  private boolean isUnfinished(String name) {
    return name.startsWith("data.new-");
  }

  private static long pid(Path home) {
    return Postmaster.running(home.resolve("postgres/data")).orElseThrow().pid();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
