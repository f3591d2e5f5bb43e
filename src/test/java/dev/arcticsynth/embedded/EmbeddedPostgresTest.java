package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.support.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag(Tier.WIDE_TAG)
class EmbeddedPostgresTest {
  @TempDir Path folder;

  private Path home;

  @BeforeEach
  void makeHome() {
    home = TestHomes.in(folder);
  }

  @Test
  void keeps_its_data_over_a_restart() throws SQLException {
    // Given
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      Sql.run(postgres, "create table kept as select 42 as answer");
    }

    // When
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      // Then
      assertThat(Sql.ask(postgres, "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void members_in_one_jvm_share_it_and_the_last_one_out_stops_it() throws SQLException {
    // Given
    EmbeddedPostgres first = EmbeddedPostgres.join(home);
    EmbeddedPostgres second = EmbeddedPostgres.join(home);
    long pid = pid();
    assertThat(second.jdbcUrl()).isEqualTo(first.jdbcUrl());

    // When
    first.close();

    // Then
    assertThat(Sql.ask(second, "select 1")).isEqualTo("1");
    second.close();
    MemberProcess.awaitEndOf(pid);
  }

  @Test
  void leaving_twice_does_not_take_it_from_other_members() throws SQLException {
    // Given
    EmbeddedPostgres first = EmbeddedPostgres.join(home);
    try (EmbeddedPostgres second = EmbeddedPostgres.join(home)) {
      // When
      first.close();
      first.close();

      // Then
      assertThat(Sql.ask(second, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void a_crashed_server_is_recovered_although_another_process_has_its_pid_now() throws Exception {
    // Given (no member is left that would start it again)
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      Sql.run(postgres, "create table kept as select 42 as answer");
    }
    try (MemberProcess crashed = MemberProcess.join(home)) {
      assertThat(crashed.says()).startsWith("jdbc:");
      crashed.kill();
    }
    ProcessHandle server = ProcessHandle.of(pid()).orElseThrow();
    server.destroyForcibly();
    var _ = server.onExit().get();
    Path pidFile = home.resolve("postgres/data/postmaster.pid");
    String ours = Long.toString(ProcessHandle.current().pid());
    Files.writeString(pidFile, Files.readString(pidFile).replaceFirst("\\d+", ours));

    // When
    try (EmbeddedPostgres recovered = EmbeddedPostgres.join(home)) {
      // Then
      assertThat(Sql.ask(recovered, "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void a_wrong_password_file_is_named_and_the_server_left_alone() throws IOException, SQLException {
    // Given
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      Path password = home.resolve("postgres/password");
      Files.writeString(password, "another");

      // When
      assertThatThrownBy(() -> EmbeddedPostgres.join(home))
          .isInstanceOf(EmbeddedPostgresException.class)
          .hasMessageContaining(password.toString())
          .hasMessageNotContainingAny("another" + "\n", postgres.password());

      // Then
      assertThat(Sql.ask(postgres, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void a_server_started_for_nothing_does_not_run_on() throws IOException {
    // Given
    EmbeddedPostgres.join(home).close();
    Files.writeString(home.resolve("postgres/password"), "another");

    // When
    assertThatThrownBy(() -> EmbeddedPostgres.join(home))
        .isInstanceOf(EmbeddedPostgresException.class);

    // Then
    assertThat(Postmaster.running(home.resolve("postgres/data"))).isEmpty();
  }

  private long pid() {
    return Postmaster.running(home.resolve("postgres/data")).orElseThrow().pid();
  }
}
