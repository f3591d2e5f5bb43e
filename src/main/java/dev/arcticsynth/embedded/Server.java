package dev.arcticsynth.embedded;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/// Brings the server up, finds it again, stops it. Used only inside the [InterProcessLock].
final class Server {
  static final String HOST = "127.0.0.1";
  static final String DATABASE = "arctic";
  static final String USER = "arctic";

  private static final Logger LOG = System.getLogger(Server.class.getName());
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int PORTS_TO_TRY = 3;
  private static final String PORT_TAKEN = "Address already in use";

  /// The children of a server that was killed end by themselves, a moment later than it.
  private static final String CHILDREN_LEFT = "pre-existing shared memory block";

  private final Layout layout;
  private final Password password;
  private final IntSupplier freePort;

  Server(Layout layout, Password password) {
    this(layout, password, Server::freePort);
  }

  /// Begins, when it has to, on the port of the server before.
  static Server onLastPort(Layout layout, Password password) {
    Iterator<Integer> last = ServerSettings.port(layout.settings()).stream().iterator();
    return new Server(layout, password, () -> last.hasNext() ? last.next() : freePort());
  }

  Server(Layout layout, Password password, IntSupplier freePort) {
    this.layout = layout;
    this.password = password;
    this.freePort = freePort;
  }

  /// The one that runs, when it is ours and answers, else a new one. One that recovers or stops is
  /// waited for.
  Postmaster join() {
    long deadline = System.nanoTime() + Commands.PATIENCE.toNanos();
    ServerLog log = ServerLog.fromHere(layout);
    boolean launched = false;
    do {
      Optional<Postmaster> found = Postmaster.running(layout.data());
      if (found.isEmpty()) {
        launch(deadline);
        launched = true;
      } else if (found.get().isReady() && answers(found.get(), launched)) {
        return found.get();
      } else {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    } while (System.nanoTime() < deadline);
    throw log.failure(
        "The PostgreSQL of "
            + layout.data()
            + " runs but does not answer; it may still recover from a crash");
  }

  /// One that we launched for nothing does not run on.
  private boolean answers(Postmaster postmaster, boolean launched) {
    try {
      return new OwnershipCheck(layout, password).succeeds(postmaster);
    } catch (EmbeddedPostgresException e) {
      if (launched) {
        var _ = stop();
      }
      throw e;
    }
  }

  /// Returns when one runs, even if a process that was killed had just launched it.
  private void launch(long deadline) {
    Commands commands = new Commands(layout, Binaries.of(layout));
    Postmaster.disown(layout.data());
    ServerLog.rotate(layout);
    for (int portsTried = 1; ; ) {
      ServerLog log = ServerLog.fromHere(layout);
      writeSettings(freePort.getAsInt());
      if (commands.start() || Postmaster.running(layout.data()).isPresent()) {
        LOG.log(Level.INFO, "Started the embedded PostgreSQL data={0}", layout.data());
        return;
      }
      if (log.says(PORT_TAKEN) && portsTried < PORTS_TO_TRY) {
        portsTried++;
      } else if (log.says(CHILDREN_LEFT) && System.nanoTime() < deadline) {
        LockSupport.parkNanos(PAUSE.toNanos());
      } else {
        throw log.failure("PostgreSQL did not start on " + layout.data());
      }
    }
  }

  /// False when there was none to stop.
  boolean stop() {
    Optional<Postmaster> running = Postmaster.running(layout.data());
    if (running.isEmpty()) {
      return false;
    }
    ServerLog log = ServerLog.fromHere(layout);
    if (!new Commands(layout, Binaries.of(layout)).stop()
        && Postmaster.running(layout.data()).isPresent()) {
      throw log.failure("PostgreSQL did not stop on " + layout.data());
    }
    LOG.log(Level.INFO, "Stopped the embedded PostgreSQL pid={0,number,#}", running.get().pid());
    return true;
  }

  private void writeSettings(int port) {
    try {
      Files.writeString(layout.settings(), ServerSettings.text(port));
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "Cannot write " + layout.settings() + " (" + e + "). Is the disk full?", e);
    }
  }

  /// Another program may take it before the server does; hence several attempts.
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedPostgresException("There is no free port on " + HOST + " (" + e + ").", e);
    }
  }
}
