package dev.arcticsynth.lab.evidence;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Whom the service calls back: takes everything, writes down what came, and checks the signature
/// by a reading of the Standard Webhooks of its own.
///
/// A service that cannot call back yet ignores the settings, and no call comes.
public final class CallbackSink implements AutoCloseable {

  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final HttpServer server;
  private final List<Evidence.ReceivedCallback> received = new CopyOnWriteArrayList<>();

  public CallbackSink() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var _ = server.createContext("/", this::take);
    server.start();
  }

  /// Where to call about a task.
  public String urlFor(String task) {
    return "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), task);
  }

  /// What the service must know of us.
  public static Map<String, String> settings() {
    return Map.of(
        "arctic.callback.secrets",
        "whsec_" + Base64.getEncoder().encodeToString(SECRET),
        "arctic.callback.allow",
        "127.0.0.0/8");
  }

  public List<Evidence.ReceivedCallback> about(String prefix) {
    return received.stream().filter(each -> each.task().startsWith(prefix + "-")).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String id = header(exchange, "webhook-id");
      boolean _ =
          received.add(
              new Evidence.ReceivedCallback(
                  exchange.getRequestURI().getPath().substring(1),
                  id,
                  isSigned(
                      id,
                      header(exchange, "webhook-timestamp"),
                      header(exchange, "webhook-signature"),
                      body),
                  HexFormat.of().formatHex(body)));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  private static boolean isSigned(String id, String timestamp, String signatures, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      String right = "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
      return Arrays.asList(signatures.split(" ")).contains(right);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
