package dev.arcticsynth.provider.openai;

import static dev.arcticsynth.provider.openai.OpenAiSamples.PATIENCE;
import static dev.arcticsynth.provider.openai.OpenAiSamples.aSubmission;
import static dev.arcticsynth.provider.openai.OpenAiSamples.anAccount;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.http.Proxies;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands between us and a provider: redirects, gateways that compress, proxies.
@Timeout(60)
class OpenAiDetoursTest {

  private static Vertx vertx;
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private ScriptedServer server;
  private OpenAiProvider provider;

  @BeforeAll
  static void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stopVertx() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @BeforeEach
  void start() throws Exception {
    server = new ScriptedServer(vertx);
    provider = provider(server.url(), Proxies.none());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void what_is_moved_on_the_same_origin_is_sent_there_whole(int status) {
    // Given
    server.does(request -> {
      keys.add(String.valueOf(request.getHeader("Authorization")));
      if (request.uri().startsWith("/v1/")) {
        redirect(request, status, "/moved" + request.uri());
      } else if (request.uri().endsWith("/files")) {
        request.bodyHandler(form ->
            request
                .response()
                .end(form.toString().contains("{}\n") ? "{\"id\":\"file-1\",\"bytes\":3}" : "{}"));
      } else {
        request.bodyHandler(body ->
            request
                .response()
                .end(
                    body.toString().contains("\"input_file_id\":\"file-1\"")
                        ? "{\"id\":\"batch_1\"}"
                        : "{\"id\":\"batch_1\",\"deleted\":true,\"status\":\"validating\"}"));
      }
    });
    // When
    String file = await(provider.upload(aSubmission(3), lines())).id();
    String batch = await(provider.create(aSubmission(3), file)).id();
    BatchStatus running = await(provider.status(batch));
    Void _ = await(provider.delete(file));
    // Then
    assertThat(batch).isEqualTo("batch_1");
    assertThat(running.word()).isEqualTo("validating");
    assertThat(keys).hasSize(8).containsOnly("Bearer " + OpenAiSamples.KEY);
    assertThat(server.asked()).endsWith("DELETE /v1/files/file-1", "DELETE /moved/v1/files/file-1");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void what_is_only_read_is_read_where_any_redirect_leads(int status) {
    // Given
    server.does(request -> {
      if (request.uri().startsWith("/v1/")) {
        redirect(request, status, "../../moved?x=1");
      } else {
        request.response().end("{\"status\":\"validating\"}");
      }
    });
    // When
    BatchStatus running = await(provider.status("batch_1"));
    // Then
    assertThat(running.word()).isEqualTo("validating");
    assertThat(server.asked()).containsExactly("GET /v1/batches/batch_1", "GET /moved?x=1");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void a_redirect_to_another_origin_is_named_and_not_followed(int status) throws Exception {
    // Given
    try (ScriptedServer other = new ScriptedServer(vertx)) {
      server.does(request ->
          request.endHandler(
              _ -> redirect(request, status, other.url() + "/elsewhere?signature=secret")));
      // When
      ProviderException upload = failure(provider.upload(aSubmission(3), lines()));
      ProviderException read = failure(provider.status("batch_1"));
      ProviderException create = failure(provider.create(aSubmission(3), "file-1"));
      // Then
      assertThat(other.asked()).isEmpty();
      assertThat(List.of(upload, read, create))
          .allSatisfy(failure ->
              assertThat(failure)
                  .hasMessageContaining("HTTP " + status)
                  .hasMessageContaining(other.url() + "/elsewhere")
                  .hasMessageContaining("correct the address")
                  .hasMessageNotContaining("secret"));
      assertThat(upload.kind()).isEqualTo(Kind.DENIED);
      assertThat(read.kind()).isEqualTo(Kind.DENIED);
      assertThat(create.kind()).isEqualTo(status >= 307 ? Kind.DENIED : Kind.UNKNOWN);
    }
  }

  @Test
  void a_redirect_of_a_create_that_says_see_there_is_not_taken_for_undone() {
    // Given: on the same origin, and it would be a GET
    server.does(request -> redirect(request, 303, "/v1/batches/batch_1"));
    // When
    ProviderException failure = failure(provider.create(aSubmission(3), "file-1"));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(server.asked()).containsExactly("POST /v1/batches");
  }

  @Test
  void redirects_in_circles_end() {
    // Given
    server.does(request -> redirect(request, 307, request.uri()));
    // When
    ProviderException upload = failure(provider.upload(aSubmission(3), lines()));
    ProviderException create = failure(provider.create(aSubmission(3), "file-1"));
    // Then
    assertThat(upload.kind()).isEqualTo(Kind.REJECTED);
    assertThat(upload).hasMessageContaining("again and again");
    assertThat(create.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(server.asked()).hasSize(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http://a b", "mailto:someone", "://"})
  void a_redirect_to_nowhere_is_a_refusal(String location) {
    // Given
    server.does(request -> redirect(request, 307, location));
    // When
    ProviderException failure = failure(provider.upload(aSubmission(3), lines()));
    // Then
    assertThat(failure.kind()).isIn(Kind.REJECTED, Kind.DENIED);
    assertThat(failure).hasMessageContaining("HTTP 307");
  }

  @Test
  void replies_and_files_that_a_gateway_compresses_are_read() {
    // Given
    server.does(request ->
        request.bodyHandler(_ -> {
          String text =
              request.uri().endsWith("/content")
                  ? "{\"custom_id\":\"a\"}\n"
                  : request.uri().endsWith("/files")
                      ? "{\"id\":\"file-1\",\"bytes\":3}"
                      : "{\"id\":\"batch_1\",\"status\":\"validating\"}";
          compressed(request, 200, text);
        }));
    // When
    String file = await(provider.upload(aSubmission(3), lines())).id();
    String batch = await(provider.create(aSubmission(3), file)).id();
    BatchStatus running = await(provider.status(batch));
    String content = content("file-2");
    // Then
    assertThat(running.word()).isEqualTo("validating");
    assertThat(content).isEqualTo("{\"custom_id\":\"a\"}\n");
  }

  @Test
  void refusals_that_a_gateway_compresses_keep_their_meaning() {
    // Given
    server.does(request ->
        request.bodyHandler(_ ->
            compressed(
                request,
                429,
                "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"pay\"}}")));
    // When
    ProviderException create = failure(provider.create(aSubmission(3), "file-1"));
    ProviderException download = failureOfContent();
    server.does(request ->
        request.response().setStatusCode(401).putHeader("Content-Encoding", "br").end("?"));
    ProviderException unreadable = failure(provider.create(aSubmission(3), "file-1"));
    // Then
    assertThat(create.kind()).isEqualTo(Kind.EXHAUSTED);
    assertThat(create).hasMessageContaining("pay");
    assertThat(download.kind()).isEqualTo(Kind.EXHAUSTED);
    assertThat(unreadable.kind()).isEqualTo(Kind.DENIED);
  }

  @Test
  void a_coding_that_is_not_spoken_is_named() {
    // Given
    server.does(request -> request.response().putHeader("Content-Encoding", "br").end("???"));
    // When
    ProviderException status = failure(provider.status("batch_1"));
    ProviderException download = failureOfContent();
    // Then
    assertThat(status).hasMessageContaining("'br'");
    assertThat(download.kind()).isEqualTo(Kind.REJECTED);
    assertThat(download).hasMessageContaining("'br'");
  }

  @Test
  void calls_go_through_a_proxy() {
    // Given
    server.does(request -> {
      keys.add(String.valueOf(request.getHeader("Proxy-Authorization")));
      ScriptedServer.answer(request, 200, "{\"status\":\"validating\",\"id\":\"f\",\"bytes\":3}");
    });
    provider = provider(URI.create("http://vllm.invalid:8000/v1"), throughServer());
    // When
    BatchStatus running = await(provider.status("batch_1"));
    String file = await(provider.upload(aSubmission(3), lines())).id();
    // Then
    assertThat(running.word()).isEqualTo("validating");
    assertThat(file).isEqualTo("f");
    assertThat(keys).containsOnly("Basic bWU6aGVyZQ==");
    assertThat(server.asked())
        .containsExactly(
            "GET http://vllm.invalid:8000/v1/batches/batch_1",
            "POST http://vllm.invalid:8000/v1/files");
  }

  @Test
  void an_encrypted_call_asks_the_proxy_for_a_tunnel() {
    // Given: it refuses, since it wants another name
    server.does(request -> request.response().setStatusCode(407).end());
    provider = provider(URI.create("https://api.openai.invalid/v1"), throughServer());
    // When
    ProviderException create = failure(provider.create(aSubmission(3), "file-1"));
    // Then
    assertThat(create.kind()).as("no byte of it was sent").isEqualTo(Kind.TRANSIENT);
    assertThat(create).hasMessageContaining("407");
    assertThat(server.asked()).containsExactly("CONNECT api.openai.invalid:443");
  }

  private Proxies throughServer() {
    URI proxy = server.url();
    return Proxies.of(
        name ->
            name.endsWith("_proxy")
                ? "http://me:here@%s:%d".formatted(proxy.getHost(), proxy.getPort())
                : null,
        _ -> null);
  }

  private static OpenAiProvider provider(URI url, Proxies proxies) {
    var mutiny = new io.vertx.mutiny.core.Vertx(vertx);
    Account account = anAccount(url);
    return new OpenAiProvider(
        account,
        new OpenAiApi(mutiny, account, proxies),
        new OpenAiFiles(mutiny, account, proxies),
        InstantSource.system());
  }

  private static void redirect(HttpServerRequest request, int status, String location) {
    request.response().setStatusCode(status).putHeader("Location", location).end();
  }

  private static void compressed(HttpServerRequest request, int status, String text) {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Content-Encoding", "gzip")
        .end(io.vertx.core.buffer.Buffer.buffer(packed.toByteArray()));
  }

  private String content(String fileId) {
    return provider
        .download(fileId)
        .collect()
        .in(StringBuilder::new, StringBuilder::append)
        .await()
        .atMost(PATIENCE)
        .toString();
  }

  private ProviderException failureOfContent() {
    return catchThrowableOfType(ProviderException.class, () -> content("file-2"));
  }

  private static Multi<Buffer> lines() {
    return Multi.createFrom().item(Buffer.buffer("{}\n"));
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(PATIENCE);
  }

  private static ProviderException failure(Uni<?> uni) {
    return catchThrowableOfType(ProviderException.class, () -> uni.await().atMost(PATIENCE));
  }
}
