package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.support.Tier;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What a member finds; one server for all tests here, which only look.
@Tag(Tier.WIDE_TAG)
class EmbeddedPostgresServiceTest {
  @TempDir static Path folder;

  private static Path home;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void join() {
    home = TestHomes.in(folder);
    postgres = EmbeddedPostgres.join(home);
  }

  @AfterAll
  static void leave() {
    postgres.close();
  }

  @Test
  void starts_with_an_empty_database_in_unicode_and_utc() throws SQLException {
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

  @Test
  void its_urls_name_address_and_database_but_no_secret() {
    // Then
    assertThat(postgres.reactiveUrl()).matches("postgresql://127\\.0\\.0\\.1:\\d+/arctic");
    assertThat(postgres.jdbcUrl()).isEqualTo("jdbc:" + postgres.reactiveUrl());
    assertThat(postgres.user()).isEqualTo("arctic");
    assertThat(postgres.password()).hasSizeGreaterThan(20);
  }

  @Test
  void keeps_values_out_of_its_log() throws IOException {
    // Given
    String insert = "insert into answers values ('a secret');";
    String failing = "create temp table answers (text text unique);" + insert + insert;

    // When
    assertThatThrownBy(() -> Sql.run(postgres, failing)).isInstanceOf(SQLException.class);

    // Then
    assertThat(Files.readString(home.resolve("postgres/server.log")))
        .contains("duplicate key")
        .doesNotContain("a secret");
  }

  @Test
  void is_durable_and_fit_for_a_small_machine() throws SQLException {
    // When
    String settings =
        Sql.ask(
            postgres,
            "select string_agg(name || '=' || current_setting(name), ' ' order by name)"
                + " from pg_settings where name in ('fsync', 'synchronous_commit',"
                + " 'shared_buffers', 'max_wal_size', 'wal_compression', 'max_connections')");

    // Then
    assertThat(settings)
        .isEqualTo(
            "fsync=on max_connections=100 max_wal_size=2GB shared_buffers=128MB"
                + " synchronous_commit=on wal_compression=pglz");
  }

  @Test
  void only_its_user_can_read_its_files() throws IOException {
    // Then
    assertThat(permissions(home)).isEqualTo("rwx------");
    assertThat(permissions(home.resolve("postgres"))).isEqualTo("rwx------");
    assertThat(permissions(home.resolve("postgres/data"))).isEqualTo("rwx------");
    assertThat(permissions(home.resolve("postgres/password"))).isEqualTo("rw-------");
  }

  @Test
  void another_password_does_not_get_in() {
    // Then
    assertThatThrownBy(
            () -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), "guess").close())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void is_reachable_on_the_loopback_address_only() throws IOException {
    // Given
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

  @Test
  @EnabledOnOs(OS.LINUX)
  void it_runs_in_a_session_of_its_own_where_no_ctrl_c_reaches_it() throws IOException {
    // Given
    long pid = Postmaster.running(home.resolve("postgres/data")).orElseThrow().pid();

    // When
    String afterName = Files.readString(Path.of("/proc/" + pid + "/stat")).replaceAll(".*\\) ", "");

    // Then: state, parent, process group, session
    assertThat(afterName).matches("(?s)\\S \\d+ " + pid + " " + pid + " .*");
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
