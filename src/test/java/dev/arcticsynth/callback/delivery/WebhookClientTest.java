package dev.arcticsynth.callback.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.callback.Settings;
import dev.arcticsynth.callback.destination.SystemResolver;
import dev.arcticsynth.callback.secret.Signature;
import dev.arcticsynth.support.WebhookReceiver;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One attempt against receivers of every kind.
class WebhookClientTest {

  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration LIMIT = Duration.ofMillis(700);
  private static final Duration PLENTY = Duration.ofSeconds(20);

  private final WebhookReceiver webhookReceiver = new WebhookReceiver();
  private final Settings settings =
      Settings.asInProduction().allowing("127.0.0.0/8", "localhost").within(PLENTY);
  private final ScriptedDns letters = new ScriptedDns(VERTX, settings);

  @AfterEach
  void close() {
    webhookReceiver.close();
  }

  @AfterAll
  static void end() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void a_message_has_the_headers_of_the_standard_and_no_others() {
    // When
    DeliveryOutcome deliveryOutcome = send();

    // Then
    assertThat(deliveryOutcome.isDelivered()).isTrue();
    assertThat(deliveryOutcome.status()).hasValue(204);
    var received = webhookReceiver.received().getFirst();
    assertThat(received.line()).isEqualTo("POST /hook HTTP/1.1");
    assertThat(received.headers().keySet())
        .containsExactlyInAnyOrder(
            "host",
            "content-type",
            "content-length",
            "connection",
            "user-agent",
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature");
    assertThat(received.header("host")).isEqualTo("127.0.0.1:" + webhookReceiver.port());
    assertThat(received.header("content-type")).isEqualTo("application/json");
    assertThat(received.header("webhook-id")).isEqualTo("msg_1");
    assertThat(received.header("webhook-signature"))
        .isEqualTo(
            Signature.of(
                List.of(ScriptedDns.SECRET),
                "msg_1",
                Long.parseLong(received.header("webhook-timestamp")),
                received.body()));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void every_2xx_is_success(int status) {
    webhookReceiver.next(WebhookReceiver.status(status));
    assertThat(send().isDelivered()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 400, 401, 404, 409, 410, 418, 429, 500, 503, 599})
  void every_other_status_is_none(int status) {
    // Given
    webhookReceiver.next(WebhookReceiver.answer(status, "because\u0007 of\r\nthis\u001b[31m"));

    // When
    DeliveryOutcome deliveryOutcome = send();

    // Then
    assertThat(deliveryOutcome.trouble()).contains(DeliveryError.STATUS);
    assertThat(deliveryOutcome.status()).hasValue(status);
    assertThat(deliveryOutcome.answer()).isEqualTo("because ofthis[31m");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_is_a_failure_and_is_not_followed(int status) {
    // Given
    webhookReceiver.always(
        WebhookReceiver.status(status, "Location: " + webhookReceiver.url("127.0.0.1")));

    // When
    DeliveryOutcome deliveryOutcome = send();

    // Then
    assertThat(deliveryOutcome.trouble()).contains(DeliveryError.STATUS);
    assertThat(webhookReceiver.connections()).isEqualTo(1);
  }

  @Test
  void a_receiver_that_says_nothing_is_hung_up_on_in_time() {
    // Given
    webhookReceiver.next(WebhookReceiver.hang());

    // When
    DeliveryOutcome deliveryOutcome = sendInAHurry();

    // Then
    assertThat(deliveryOutcome.trouble()).contains(DeliveryError.TIMEOUT);
    assertThat(deliveryOutcome.latency()).isBetween(LIMIT.minusMillis(50), LIMIT.plusSeconds(5));
    sinkIsRidOfUs();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 500})
  void a_body_that_trickles_is_cut_off_and_the_status_counts(int status) {
    // Given
    webhookReceiver.next(WebhookReceiver.trickle(status));

    // When
    DeliveryOutcome deliveryOutcome = sendInAHurry();

    // Then
    assertThat(deliveryOutcome.status()).hasValue(status);
    assertThat(deliveryOutcome.isDelivered()).isEqualTo(status == 200);
    assertThat(deliveryOutcome.latency()).isLessThan(LIMIT.plusSeconds(5));
    assertThat(deliveryOutcome.answer()).startsWith("..");
    sinkIsRidOfUs();
  }

  @Test
  void a_body_without_end_is_cut_off_early_and_little_of_it_is_kept() {
    // Given
    webhookReceiver.next(WebhookReceiver.endlessBody(500));

    // When
    DeliveryOutcome deliveryOutcome = send();

    // Then
    assertThat(deliveryOutcome.status()).hasValue(500);
    assertThat(deliveryOutcome.answer()).isEqualTo("x".repeat(1024));
    sinkIsRidOfUs();
  }

  @Test
  void headers_without_end_are_no_answer() {
    // Given
    webhookReceiver.next(WebhookReceiver.endlessHeaders());

    // When
    DeliveryOutcome deliveryOutcome = send();

    // Then
    assertThat(deliveryOutcome.trouble()).contains(DeliveryError.CONNECTION_FAILED);
    sinkIsRidOfUs();
  }

  @Test
  void a_reset_and_something_that_is_no_http_are_failed_connections() {
    webhookReceiver.next(WebhookReceiver.reset(), WebhookReceiver.noHttp());
    assertThat(send().trouble()).contains(DeliveryError.CONNECTION_FAILED);
    assertThat(send().trouble()).contains(DeliveryError.CONNECTION_FAILED);
  }

  @Test
  void a_refused_connection_is_a_failed_connection() throws IOException {
    // Given: a port that is taken, so that no other test listens on it, and not listened on
    try (var taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

      // When
      var outcome = letters.send("http://127.0.0.1:%d/".formatted(taken.getLocalPort()));

      // Then
      assertThat(outcome.trouble()).contains(DeliveryError.CONNECTION_FAILED);
    }
  }

  @Test
  void a_connection_carries_one_message() {
    // When
    DeliveryOutcome first = send();
    DeliveryOutcome second = send();

    // Then
    assertThat(first.isDelivered() && second.isDelivered()).isTrue();
    assertThat(webhookReceiver.connections()).isEqualTo(2);
  }

  @Test
  void each_attempt_takes_another_address_of_the_name() {
    // Given
    var names =
        new ScriptedDns(VERTX, settings.allowing("127.0.0.0/8", "::1", "two.example.com"))
            .knowing("two.example.com", "::1", "127.0.0.9");
    webhookReceiver.close();
    try (var other = new WebhookReceiver()) {
      // Then
      assertThat(names.send(other.url("two.example.com"), 0).isDelivered()).isTrue();
      assertThat(names.send(other.url("two.example.com"), 1).isDelivered()).isTrue();
      assertThat(other.connections()).isEqualTo(2);
    }
  }

  @Test
  void something_else_than_tls_on_a_tls_port_is_a_tls_failure() {
    // Given
    webhookReceiver.always(WebhookReceiver.noHttp());

    // Then
    assertThat(
            hurried().send(webhookReceiver.url("127.0.0.1").replace("http:", "https:")).trouble())
        .isPresent()
        .get()
        .isIn(DeliveryError.TLS_FAILED, DeliveryError.TIMEOUT);
  }

  @Test
  void a_certificate_counts_only_if_it_is_trusted_and_for_the_name(@TempDir Path folder)
      throws Exception {
    // Given
    var keys = certificateFor("receiver.example.com", folder);
    var name = new AtomicReference<String>();
    var server = tlsServer(keys, name);
    int port = server.actualPort();
    var lenient = settings.allowing("*.example.com");
    var trusting = WebhookClient.options(lenient).setTrustOptions(keys);

    // When
    var known =
        new ScriptedDns(VERTX, lenient, trusting).knowing("receiver.example.com", "127.0.0.1");
    var misnamed =
        new ScriptedDns(VERTX, lenient, trusting).knowing("other.example.com", "127.0.0.1");
    var unknown = new ScriptedDns(VERTX, lenient).knowing("receiver.example.com", "127.0.0.1");

    // Then
    assertThat(known.send("https://receiver.example.com:" + port + "/").isDelivered()).isTrue();
    assertThat(name.get()).isEqualTo("receiver.example.com");
    assertThat(misnamed.send("https://other.example.com:" + port + "/").trouble())
        .contains(DeliveryError.TLS_FAILED);
    assertThat(unknown.send("https://receiver.example.com:" + port + "/").trouble())
        .contains(DeliveryError.TLS_FAILED);
    server.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void the_proxy_of_the_jvm_is_not_asked() {
    // Given
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", "1");
    try {
      // Then
      assertThat(
              new ScriptedDns(VERTX, settings).send(webhookReceiver.url("127.0.0.1")).isDelivered())
          .isTrue();
      assertThat(webhookReceiver.received().getFirst().line()).isEqualTo("POST /hook HTTP/1.1");
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
  }

  @Test
  void the_resolver_knows_the_machines_own_name_and_not_every_other_one() throws Exception {
    // Given
    var resolver = new SystemResolver(VERTX);

    // Then
    assertThat(resolver.resolve("localhost").toCompletionStage().toCompletableFuture().get())
        .allMatch(java.net.InetAddress::isLoopbackAddress);
    assertThat(resolver.resolve("nowhere.invalid").toCompletionStage().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(10));
  }

  private ScriptedDns hurried() {
    return new ScriptedDns(VERTX, settings.within(LIMIT));
  }

  private DeliveryOutcome sendInAHurry() {
    return hurried().send(webhookReceiver.url("127.0.0.1"));
  }

  private DeliveryOutcome send() {
    return letters.send(webhookReceiver.url("127.0.0.1"));
  }

  private void sinkIsRidOfUs() {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(webhookReceiver.over()).isEqualTo(1));
  }

  private static HttpServer tlsServer(PfxOptions keys, AtomicReference<String> name)
      throws Exception {
    return VERTX
        .createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setSni(true)
                .setKeyCertOptions(keys)
                .setHost("127.0.0.1"))
        .requestHandler(request -> {
          name.set(request.connection().indicatedServerName());
          var _ = request.response().setStatusCode(204).end();
        })
        .listen(0)
        .toCompletionStage()
        .toCompletableFuture()
        .get();
  }

  private static PfxOptions certificateFor(String name, Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    int exit =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .inheritIO()
            .start()
            .waitFor();
    assertThat(exit).isZero();
    return new PfxOptions().setPath(file.toString()).setPassword("changeit");
  }
}
