package dev.arcticsynth.lab.wire;

import dev.arcticsynth.lab.process.Polling;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A wire that can be made bad: lies between a service and its database or provider.
///
/// Each thing that can be wrong with it is a switch here, and [#mend] sets all of them back. Two
/// threads a connection.
public final class FaultProxy implements AutoCloseable {

  private static final int BUFFER = 16 * 1024;

  private final boolean isToPostgres;
  private final ServerSocket server;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger replies = new AtomicInteger();
  private volatile int target;
  private volatile boolean isDown;
  private volatile Duration latency = Duration.ZERO;
  private volatile int slice = BUFFER;
  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private volatile long limit = Long.MAX_VALUE;
  private volatile String dropReplyTo = "";
  private volatile UnaryOperator<String> statements = UnaryOperator.identity();

  private FaultProxy(int target, boolean isToPostgres) {
    this.target = target;
    this.isToPostgres = isToPostgres;
    try {
      this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread _ = Thread.ofVirtual().start(this::accept);
  }

  static FaultProxy toPostgres(int port) {
    return new FaultProxy(port, true);
  }

  static FaultProxy toHttp(int port) {
    return new FaultProxy(port, false);
  }

  int port() {
    return server.getLocalPort();
  }

  /// Where new connections go from now on.
  void leadTo(int port) {
    target = port;
  }

  /// New connections are refused, and open ones are reset.
  public void down() {
    isDown = true;
    reset();
  }

  /// Every open connection breaks, with RST.
  public void reset() {
    links.forEach(Link::reset);
  }

  /// One open connection stays open, and nothing that is sent on it ever arrives.
  public void blackholeOne() {
    links.stream().filter(Link::isInUse).findAny().ifPresent(Link::swallow);
  }

  public void blackholeAll() {
    links.forEach(Link::swallow);
  }

  /// The next so many requests that contain this text arrive, and their replies do not.
  public void dropRepliesTo(String request, int times) {
    replies.set(times);
    dropReplyTo = request;
  }

  public void delay(Duration each) {
    latency = each;
  }

  public void slice(int bytes) {
    slice = bytes;
  }

  public void bandwidth(long bytes) {
    bytesPerSecond = bytes;
  }

  /// A connection breaks after so many bytes in one direction.
  void limit(long bytes) {
    limit = bytes;
  }

  /// What is done to the text of PostgreSQL statements on the way; the length must stay.
  public void rewrite(UnaryOperator<String> change) {
    statements = change;
  }

  void mend() {
    isDown = false;
    latency = Duration.ZERO;
    slice = BUFFER;
    bytesPerSecond = Long.MAX_VALUE;
    limit = Long.MAX_VALUE;
    dropReplyTo = "";
    statements = UnaryOperator.identity();
  }

  int connections() {
    return links.size();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reset();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (isDown) {
          client.setSoLinger(true, 0);
          client.close();
          continue;
        }
        Thread _ = Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        // Closed, or no connection came after all.
      }
    }
  }

  private void connect(Socket client) {
    Socket there = new Socket();
    try {
      there.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
      client.setTcpNoDelay(true);
      there.setTcpNoDelay(true);
    } catch (IOException e) {
      new Link(client, there).reset();
      return;
    }
    var link = new Link(client, there);
    boolean _ = links.add(link);
    Thread _ = Thread.ofVirtual().start(() -> link.pump(client, there, true));
    link.pump(there, client, false);
  }

  /// One connection through the proxy.
  private final class Link {
    private final Socket client;
    private final Socket there;
    private final PostgresFrames frames = new PostgresFrames();
    private volatile boolean isSwallowing;
    private volatile boolean isWithoutReply;
    private volatile long moved;

    Link(Socket client, Socket there) {
      this.client = client;
      this.there = there;
    }

    boolean isInUse() {
      return !client.isClosed() && moved > 0;
    }

    void swallow() {
      isSwallowing = true;
    }

    void reset() {
      boolean _ = links.remove(this);
      for (Socket socket : new Socket[] {client, there}) {
        try {
          if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
          }
          socket.close();
        } catch (IOException e) {
          // It is gone already.
        }
      }
    }

    void pump(Socket from, Socket to, boolean isRequest) {
      long all = 0;
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer, 0, Math.min(slice, BUFFER));
            read >= 0;
            read = in.read(buffer, 0, Math.min(slice, BUFFER))) {
          byte[] bytes = Arrays.copyOf(buffer, read);
          all += read;
          moved = all;
          pauseFor(read);
          if (isSwallowing) {
            continue;
          }
          if (isWithoutReply && !isRequest) {
            break;
          }
          if (all > limit) {
            break;
          }
          if (isRequest) {
            listen(bytes);
            bytes = isToPostgres ? frames.pass(bytes, statements) : bytes;
          }
          out.write(bytes);
          out.flush();
        }
      } catch (IOException e) {
        // Broken by either side, or by us: the same to both.
      }
      if (!isSwallowing) {
        reset();
      }
    }

    private void pauseFor(int bytes) {
      long nanos = latency.toNanos();
      if (bytesPerSecond < Long.MAX_VALUE) {
        nanos += bytes * 1_000_000_000L / bytesPerSecond;
      }
      if (nanos > 0) {
        Polling.pause(Duration.ofNanos(nanos));
      }
    }

    private void listen(byte[] bytes) {
      String wanted = dropReplyTo;
      if (!wanted.isEmpty()
          && new String(bytes, StandardCharsets.ISO_8859_1).contains(wanted)
          && replies.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        isWithoutReply = true;
      }
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
