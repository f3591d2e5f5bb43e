package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  @TempDir Path folder;

  private Path home;

  @BeforeEach
  void makeHome() {
    home = TestHomes.in(folder);
  }

  @Test
  void starts_with_an_empty_database_in_unicode_and_utc() throws SQLException {
    // When
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      // Then
      assertThat(
              Sql.ask(
                  postgres,
                  "select count(*) from pg_class where relnamespace = 'public'::regnamespace"))
          .isEqualTo("0");
      assertThat(
              Sql.ask(
                  postgres,
                  "select concat_ws(' ', datname, pg_encoding_to_char(encoding), datlocale)"
                      + " from pg_database where datname = current_database()"))
          .isEqualTo("arctic UTF8 C.UTF-8");
      assertThat(Sql.ask(postgres, "select upper('ä')")).isEqualTo("Ä");
      assertThat(Sql.ask(postgres, "show log_timezone")).isEqualTo("UTC");
    }
  }

  @Test
  void its_urls_name_address_and_database_but_no_secret() {
    // When
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      // Then
      assertThat(postgres.reactiveUrl()).matches("postgresql://127\\.0\\.0\\.1:\\d+/arctic");
      assertThat(postgres.jdbcUrl()).isEqualTo("jdbc:" + postgres.reactiveUrl());
      assertThat(postgres.user()).isEqualTo("arctic");
      assertThat(postgres.password()).hasSizeGreaterThan(20);
    }
  }

  @Test
  void is_durable_and_keeps_values_out_of_its_log() throws SQLException, IOException {
    // Given
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      Sql.run(postgres, "create table answers (text text unique)");
      Sql.run(postgres, "insert into answers values ('a secret')");

      // When
      assertThatThrownBy(() -> Sql.run(postgres, "insert into answers values ('a secret')"))
          .isInstanceOf(SQLException.class);

      // Then
      assertThat(Files.readString(home.resolve("postgres/server.log")))
          .contains("duplicate key")
          .doesNotContain("a secret");
      assertThat(
              Sql.ask(
                  postgres,
                  "select current_setting('fsync') || current_setting('synchronous_commit')"))
          .isEqualTo("onon");
    }
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
  void leaving_twice_takes_it_from_nobody_else() throws SQLException {
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
  void only_its_user_can_read_its_files() throws IOException {
    // When
    EmbeddedPostgres.join(home).close();

    // Then
    assertThat(permissions(home)).isEqualTo("rwx------");
    assertThat(permissions(home.resolve("postgres"))).isEqualTo("rwx------");
    assertThat(permissions(home.resolve("postgres/data"))).isEqualTo("rwx------");
    assertThat(permissions(home.resolve("postgres/password"))).isEqualTo("rw-------");
  }

  @Test
  void another_password_does_not_get_in() {
    // Given
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      // Then
      assertThatThrownBy(() ->
              DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "guess").close())
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password authentication failed");
    }
  }

  @Test
  void is_reachable_on_the_loopback_address_only() throws IOException {
    // Given
    try (EmbeddedPostgres postgres = EmbeddedPostgres.join(home)) {
      int port = URI.create(postgres.reactiveUrl()).getPort();

      // When
      List<InetAddress> reached =
          Stream.concat(
                  NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses),
                  Stream.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")))
              .distinct()
              .filter(address -> isReachable(address, port))
              .toList();

      // Then
      assertThat(reached).containsExactly(InetAddress.ofLiteral("127.0.0.1"));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void runs_in_a_session_of_its_own_where_no_ctrl_c_reaches_it() throws IOException {
    // Given
    try (EmbeddedPostgres _ = EmbeddedPostgres.join(home)) {
      long pid = pid();

      // When
      String afterName =
          Files.readString(Path.of("/proc/" + pid + "/stat")).replaceAll(".*\\) ", "");

      // Then: state, parent, process group, session
      assertThat(afterName).matches("(?s)\\S \\d+ " + pid + " " + pid + " .*");
    }
  }

  @Test
  void a_crashed_server_is_recovered_although_another_process_has_its_pid_now() throws Exception {
    // Given
    EmbeddedPostgres crashed = EmbeddedPostgres.join(home);
    Sql.run(crashed, "create table kept as select 42 as answer");
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
    crashed.close();
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

  private long pid() {
    return Postmaster.running(home.resolve("postgres/data")).orElseThrow().pid();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static boolean isReachable(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
