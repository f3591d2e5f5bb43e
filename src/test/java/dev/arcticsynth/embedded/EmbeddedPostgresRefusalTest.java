package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.arcticsynth.support.Tier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is not whole or not ours is named and left as it is. Folders that only look like
/// PostgreSQL's do: they are refused before any PostgreSQL sees them.
@Tag(Tier.WIDE_TAG)
class EmbeddedPostgresRefusalTest {
  @TempDir Path folder;

  private Path home;
  private Path data;

  @BeforeEach
  void makeDataThatLookRight() throws IOException {
    home = TestHomes.withoutPrograms(folder);
    data = home.resolve("postgres/data");
    Files.createDirectories(data.resolve("global"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(data.resolve("arctic-synth"), "");
    Files.writeString(data.resolve("PG_VERSION"), "18\n");
    Files.writeString(data.resolve("global/pg_control"), "not really");
    var _ = Password.readOrCreate(home.resolve("postgres/password"));
  }

  @Test
  void data_without_a_version_is_damaged() throws IOException {
    Files.delete(data.resolve("PG_VERSION"));
    assertRefused("damaged", "PG_VERSION");
  }

  @Test
  void data_without_its_control_file_is_damaged() throws IOException {
    Files.delete(data.resolve("global/pg_control"));
    assertRefused("damaged", "global/pg_control");
  }

  @Test
  void data_that_postgres_itself_refuses_are_damaged() {
    assertRefused("did not start", "server.log");
  }

  @Test
  void data_of_another_major_version_are_refused() throws IOException {
    Files.writeString(data.resolve("PG_VERSION"), "15\n");
    assertRefused("PostgreSQL 15", "dump");
  }

  @Test
  void a_postgres_that_we_did_not_create_is_refused() throws IOException {
    Files.delete(data.resolve("arctic-synth"));
    assertRefused("a PostgreSQL that ArcticSynth did not create");
  }

  @Test
  void files_of_another_kind_are_refused() throws IOException {
    Files.delete(data.resolve("arctic-synth"));
    Files.delete(data.resolve("PG_VERSION"));
    assertRefused("files that are not ArcticSynth's");
  }

  @Test
  void data_open_to_other_users_are_refused() throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertRefused("open to other users", "chmod 700");
  }

  @Test
  void data_of_another_user_are_refused() throws IOException {
    assumeThat(System.getProperty("user.name"))
        .as("only root can give files away")
        .isEqualTo("root");
    Files.setAttribute(data, "unix:uid", 12345);
    assertRefused("belongs to 12345", "root");
  }

  @Test
  void a_folder_of_another_user_is_refused() throws IOException {
    assumeThat(System.getProperty("user.name"))
        .as("only root can give files away")
        .isEqualTo("root");
    Files.setAttribute(home.resolve("postgres"), "unix:uid", 12345);
    assertRefusedAbout(home.resolve("postgres"), "belongs to 12345", "root");
  }

  @Test
  void data_without_their_password_are_refused() throws IOException {
    Files.delete(home.resolve("postgres/password"));
    assertRefused("postgres/password is missing");
  }

  @Test
  void a_password_open_to_other_users_is_refused() throws IOException {
    Path password = home.resolve("postgres/password");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
    assertRefusedAbout(password, "open to other users", "chmod go=");
  }

  @Test
  void a_folder_open_to_other_users_is_refused() throws IOException {
    Path root = home.resolve("postgres");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-x---"));
    assertRefusedAbout(root, "open to other users", "chmod go=");
  }

  @Test
  void a_home_that_is_a_file_is_refused() throws IOException {
    // Given
    Path file = Files.createFile(folder.resolve("file"));

    // Then
    assertThatThrownBy(() -> EmbeddedPostgres.join(file))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContainingAll(file.toString(), "arctic.home");
  }

  @Test
  void a_port_that_was_taken_meanwhile_is_replaced_by_another(@TempDir Path other)
      throws IOException {
    // Given
    Path fresh = TestHomes.in(other);
    EmbeddedPostgres.join(fresh).close();
    Layout layout = Layout.under(fresh);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      free.close();
      Iterator<Integer> ports = List.of(taken.getLocalPort(), free.getLocalPort()).iterator();
      Server server = new Server(layout, Password.read(layout.password()), ports::next);

      // When
      Postmaster running = server.join();

      // Then
      assertThat(running.port()).isEqualTo(free.getLocalPort());
      assertThat(server.stop()).isTrue();
    }
  }

  @Test
  void a_port_that_stays_taken_is_named_with_the_log(@TempDir Path other) throws IOException {
    // Given
    Path fresh = TestHomes.in(other);
    EmbeddedPostgres.join(fresh).close();
    Layout layout = Layout.under(fresh);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Server server = new Server(layout, Password.read(layout.password()), taken::getLocalPort);

      // Then
      assertThatThrownBy(server::join)
          .isInstanceOf(EmbeddedPostgresException.class)
          .hasMessageContainingAll(layout.log().toString(), "Address already in use");
    }
  }

  private void assertRefused(String... words) {
    assertRefusedAbout(data, words);
  }

  private void assertRefusedAbout(Path named, String... words) {
    // Given
    Map<String, String> before = contents();

    // When
    assertThatThrownBy(() -> EmbeddedPostgres.join(home))
        // Then
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining(named.toString())
        .hasMessageContainingAll(words);
    assertThat(contents()).isEqualTo(before);
    assertThat(home.resolve("postgres/members")).isEmptyDirectory();
  }

  /// Each path with its permissions and, for a file, the hash of what it holds.
  private Map<String, String> contents() {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(data)) {
      for (Path path : tree.toList()) {
        String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        contents.put(path.toString(), permissions + (Files.isRegularFile(path) ? hash(path) : ""));
      }
      return contents;
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String hash(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(digest);
  }
}
