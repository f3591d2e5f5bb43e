package dev.arcticsynth.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/// A lasting PostgreSQL under `arctic.home`, shared by all processes of one user.
///
/// Each [#join] is a member. The server belongs to no member: it runs in a session of its own, so
/// neither Ctrl-C nor the death of the process that started it ends it. The last member to [#close]
/// stops it; when all members were killed it runs on, and the next one to join finds it, uses it
/// and stops it. A server that was killed is started again by a member that is there.
///
/// Nothing closes by itself at the end of the JVM: a shutdown hook here would stop the database
/// while the shutdown still writes.
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EmbeddedPostgres.class.getName());

  private final Layout layout;
  private final ServerUsers serverUsers;
  private final Password password;
  private final int port;
  private final Path callbackKey;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Revival revival;

  private EmbeddedPostgres(
      Layout layout, ServerUsers serverUsers, Password password, int port, Path callbackKey) {
    this.layout = layout;
    this.serverUsers = serverUsers;
    this.password = password;
    this.port = port;
    this.callbackKey = callbackKey;
    this.revival = new Revival(this::revive, System::nanoTime).begin();
  }

  /// Joins the running server, or starts it, at first with an empty database. Blocks: milliseconds
  /// to join, about two seconds to begin, at most about a minute when the server recovers or does
  /// not come up.
  ///
  /// Data that is damaged, of another version or not ours is never touched.
  ///
  /// @throws EmbeddedPostgresException says what is wrong and what to do
  public static EmbeddedPostgres join(Path home) {
    Layout layout = Layout.under(home);
    return InterProcessLock.of(layout).pass(() -> joinAlone(layout));
  }

  /// False where [#join] will make the data first, which takes some seconds. Only a look: it may
  /// have changed a moment later.
  public static boolean isMade(Path home) {
    return Files.exists(home.resolve("postgres").resolve("data"));
  }

  private static EmbeddedPostgres joinAlone(Layout layout) {
    ServerUsers serverUsers = ServerUsers.enter(layout);
    try {
      serverUsers.refuseStrangers();
      Password password = new DataFolder(layout).prepare(serverUsers.owner());
      // The others know the port by which they found it.
      Server server =
          serverUsers.othersAreThere()
              ? Server.onLastPort(layout, password)
              : new Server(layout, password);
      Postmaster running = server.join();
      return new EmbeddedPostgres(
          layout, serverUsers, password, running.port(), KeyFile.under(layout));
    } catch (RuntimeException e) {
      serverUsers.leave();
      throw e;
    }
  }

  /// A file that only its user can read, with a random key that is there as long as the data.
  public Path callbackKey() {
    return callbackKey;
  }

  /// `postgresql://127.0.0.1:PORT/arctic`, without user and password.
  public String reactiveUrl() {
    return "postgresql://" + Server.HOST + ":" + port + "/" + Server.DATABASE;
  }

  /// `jdbc:postgresql://127.0.0.1:PORT/arctic`, without user and password.
  public String jdbcUrl() {
    return "jdbc:" + reactiveUrl();
  }

  public String user() {
    return Server.USER;
  }

  public String password() {
    return password.value();
  }

  /// Starts the server again where it is gone: with its data, and on its port, which is in the
  /// settings of all members. Returns whether it was gone.
  ///
  /// @throws EmbeddedPostgresException it does not start
  private boolean revive() {
    return isGone() && InterProcessLock.of(layout).pass(this::reviveAlone);
  }

  /// Another member may have been first, or we may have left.
  private boolean reviveAlone() {
    if (!isGone()) {
      return false;
    }
    if (!Files.isDirectory(layout.data())) {
      throw new EmbeddedPostgresException("Its data " + layout.data() + " is gone, too.");
    }
    int now = Server.onLastPort(layout, password).join().port();
    if (now != port) {
      throw new EmbeddedPostgresException(
          "It runs on port %d now, since another program has %d. Start this process again."
              .formatted(now, port));
    }
    return true;
  }

  private boolean isGone() {
    return !closed.get() && Postmaster.running(layout.data()).isEmpty();
  }

  /// Leaves; the last one out stops the server and waits for that. More than once does nothing
  /// more.
  ///
  /// @throws EmbeddedPostgresException the server could not be stopped; we have left all the same
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      revival.close();
      var _ = InterProcessLock.of(layout).pass(this::leave);
    }
  }

  /// Returns whether the server was stopped.
  private boolean leave() {
    serverUsers.leave();
    if (serverUsers.othersAreThere()) {
      LOG.log(
          Level.INFO, "Left the embedded PostgreSQL to its other members port={0,number,#}", port);
      return false;
    }
    return new Server(layout, password).stop();
  }
}
