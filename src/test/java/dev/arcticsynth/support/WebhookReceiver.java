package dev.arcticsynth.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A receiver of callbacks: keeps what came, and answers as well or as badly as a test says. On all
/// addresses of this machine, so that 127.0.0.1 and 127.0.0.2 are two hosts.
public final class WebhookReceiver implements AutoCloseable {

  /// What came.
  public record Received(String line, Map<String, String> headers, byte[] body) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }

    public String text() {
      return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /// How one request is answered. A script that blocks is set free by the other side's hanging up.
  public interface Script {
    void answer(Socket socket, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger hungUp = new AtomicInteger();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Queue<Script> next = new ConcurrentLinkedQueue<>();
  private volatile Script always = status(204);

  public WebhookReceiver() {
    try {
      server = new ServerSocket(0, 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread _ = Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  public String url(String host) {
    return "http://" + host + ":" + port() + "/hook";
  }

  /// The next requests are answered so, one each.
  public void next(Script... scripts) {
    next.addAll(List.of(scripts));
  }

  /// All requests without a script of their own are answered so.
  public void always(Script script) {
    always = script;
  }

  public List<Received> received() {
    return List.copyOf(received);
  }

  public int connections() {
    return connections.get();
  }

  /// How many requests are over, whichever side hung up.
  public int over() {
    return hungUp.get();
  }

  public void forget() {
    received.clear();
    next.clear();
    always = status(204);
  }

  // ------------------------------------------------------------------------------------ scripts

  public static Script status(int status, String... headers) {
    return answer(status, "", headers);
  }

  public static Script answer(int status, String body, String... headers) {
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return (_, out) ->
        write(
            out,
            "HTTP/1.1 %d Word\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(status, more, body.length(), body));
  }

  /// Reads everything and says nothing.
  public static Script hang() {
    return (socket, _) -> untilTheOtherSideHangsUp(socket);
  }

  public static Script reset() {
    return (socket, _) -> {
      socket.setSoLinger(true, 0);
      socket.close();
    };
  }

  public static Script noHttp() {
    return (_, out) -> write(out, "220 mail.example.com ESMTP\r\n\r\n");
  }

  /// A status and a body of which one byte comes every few milliseconds, for ever.
  public static Script trickle(int status) {
    return (socket, out) -> {
      write(out, "HTTP/1.1 %d Word\r\nContent-Length: 1000000\r\n\r\n".formatted(status));
      while (!isHungUp(socket)) {
        write(out, ".");
      }
    };
  }

  /// A status and a body without end, as fast as it goes.
  public static Script endlessBody(int status) {
    return (_, out) -> {
      write(out, "HTTP/1.1 %d Word\r\nTransfer-Encoding: chunked\r\n\r\n".formatted(status));
      while (true) {
        write(out, "400\r\n" + "x".repeat(1024) + "\r\n");
      }
    };
  }

  public static Script endlessHeaders() {
    return (_, out) -> {
      write(out, "HTTP/1.1 200 OK\r\n");
      for (long n = 0; true; n++) {
        write(out, "X-%d: %s\r\n".formatted(n, "y".repeat(100)));
      }
    };
  }

  // --------------------------------------------------------------------------------------- wire

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread _ = Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      received.add(read(new BufferedInputStream(socket.getInputStream())));
      Script script = next.poll();
      (script == null ? always : script).answer(socket, socket.getOutputStream());
    } catch (IOException hungUpOn) {
      // That is what some tests are about.
    } finally {
      hungUp.incrementAndGet();
    }
  }

  private static Received read(InputStream in) throws IOException {
    String line = line(in);
    var headers = new HashMap<String, String>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Received(line, Map.copyOf(headers), in.readNBytes(length));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("cut");
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).strip();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  private static void untilTheOtherSideHangsUp(Socket socket) throws IOException {
    while (socket.getInputStream().read() >= 0) {
      // Nothing more is expected.
    }
  }

  private static boolean isHungUp(Socket socket) throws IOException {
    socket.setSoTimeout(20);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException stillThere) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
