package dev.arcticsynth.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// [PostgresForTests], with a wire to it that a test can cut. Migrations do not go over it.
public final class ProxiedPostgres implements QuarkusTestResourceLifecycleManager {

  /// Quarkus loads this class and the tests' in different class loaders: they speak over a socket,
  /// whose port is a system property.
  private static final String REMOTE = "arctic.test.wire";

  @Override
  public Map<String, String> start() {
    var settings = new HashMap<>(new PostgresForTests().start());
    URI url = URI.create(settings.get("quarkus.datasource.reactive.url"));
    var proxy = new TcpProxy(url.getPort());
    System.setProperty(REMOTE, Integer.toString(obey(proxy)));
    settings.put(
        "quarkus.datasource.reactive.url",
        "postgresql://127.0.0.1:" + proxy.port() + url.getPath());
    return settings;
  }

  /// The wire ends with the JVM.
  @Override
  public void stop() {}

  /// Calls a method of the [TcpProxy] by its name, with a text where it takes one.
  public static String say(String command) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.getInteger(REMOTE))) {
      socket.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int obey(TcpProxy proxy) {
    try {
      var door = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
      Thread _ =
          Thread.ofVirtual()
              .start(() -> {
                while (true) {
                  answer(proxy, door);
                }
              });
      return door.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(TcpProxy proxy, ServerSocket door) {
    try (var caller = door.accept();
        var words =
            new BufferedReader(
                new InputStreamReader(caller.getInputStream(), StandardCharsets.UTF_8))) {
      String answer = obey(proxy, String.valueOf(words.readLine()).split(" ", 2));
      caller.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String obey(TcpProxy proxy, String[] words) {
    switch (words[0]) {
      case "blackhole" -> proxy.blackhole();
      case "reset" -> proxy.reset();
      case "down" -> proxy.down();
      case "up" -> proxy.up();
      case "dropReplyToCommitAfter" -> proxy.dropReplyToCommitAfter(words[1]);
      case "struck" -> {
        return String.valueOf(proxy.struck());
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
    return "";
  }
}
