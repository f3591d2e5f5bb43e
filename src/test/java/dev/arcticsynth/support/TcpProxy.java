package dev.arcticsynth.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A wire that a test can cut: on loopback, between a client and a PostgreSQL, say.
public final class TcpProxy implements AutoCloseable {

  private static final InetAddress HOME = InetAddress.getLoopbackAddress();

  private final int target;
  private final ServerSocket door;
  private final List<Wire> wires = new CopyOnWriteArrayList<>();
  private volatile boolean down;
  private volatile boolean silent;
  private volatile String victim = "";
  private volatile int struck;

  public TcpProxy(int target) {
    this.target = target;
    try {
      this.door = new ServerSocket(0, 50, HOME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /// From now on open connections fall silent without being closed: bytes are swallowed both ways.
  public void blackhole() {
    wires.forEach(wire -> wire.swallows = true);
  }

  /// The same for new connections from now on.
  public void blackholeNewConnections() {
    silent = true;
  }

  /// Resets what is open.
  public void reset() {
    wires.forEach(Wire::reset);
  }

  /// Resets open connections, and new ones.
  public void down() {
    down = true;
    reset();
  }

  public void up() {
    down = false;
    silent = false;
  }

  /// The next client that sends this text gets its next `COMMIT` done and no answer: its connection
  /// is reset instead.
  public void dropReplyToCommitAfter(String text) {
    victim = text;
    struck = 0;
  }

  public int struck() {
    return struck;
  }

  @Override
  public void close() {
    down();
    closeQuietly(door);
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        if (down) {
          abort(client);
        } else {
          wires.add(new Wire(client, new Socket(HOME, target)));
        }
      } catch (IOException _) {
        // Closed, or the server accepts no connection: the client finds out.
      }
    }
  }

  private static void thread(Runnable work) {
    Thread.ofVirtual().start(work);
  }

  /// With a reset, not with a polite end.
  private static void abort(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException _) {
      // It is closed already.
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception _) {
      // It is closed already.
    }
  }

  private final class Wire {
    private final Socket client;
    private final Socket server;
    private volatile boolean swallows;
    private volatile boolean chosen;
    private volatile boolean dropsReply;

    Wire(Socket client, Socket server) {
      this.client = client;
      this.server = server;
      this.swallows = silent;
      thread(() -> pump(client, server, true));
      thread(() -> pump(server, client, false));
    }

    private void pump(Socket from, Socket to, boolean fromClient) {
      byte[] buffer = new byte[64 * 1024];
      try {
        for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
          if (fromClient) {
            listen(new String(buffer, 0, n, ISO_8859_1));
          } else if (dropsReply) {
            struck++;
            reset();
            return;
          }
          if (!swallows) {
            to.getOutputStream().write(buffer, 0, n);
          }
        }
        if (!swallows) {
          reset();
        }
      } catch (IOException _) {
        reset();
      }
    }

    private void listen(String said) {
      if (!victim.isEmpty() && said.contains(victim)) {
        chosen = true;
        victim = "";
      }
      if (chosen && said.contains("COMMIT")) {
        chosen = false;
        dropsReply = true;
      }
    }

    private void reset() {
      wires.remove(this);
      abort(client);
      abort(server);
    }
  }
}
