package dev.arcticsynth.provider.openai;

import static dev.arcticsynth.provider.openai.OpenAiSamples.PATIENCE;
import static dev.arcticsynth.provider.openai.OpenAiSamples.aSubmission;
import static dev.arcticsynth.provider.openai.OpenAiSamples.anAccount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.http.HttpCall;
import dev.arcticsynth.provider.http.HttpReply;
import dev.arcticsynth.provider.http.Proxies;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenAiFilesTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final HttpCall CALL = new HttpCall("transfer", true, InstantSource.system());
  private static Vertx vertx;
  private ScriptedServer server;
  private OpenAiFiles files;

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
    files =
        new OpenAiFiles(
            new io.vertx.mutiny.core.Vertx(vertx), anAccount(server.url()), Proxies.none());
  }

  @AfterEach
  void stop() throws Exception {
    // A connection that is full is closed when its other end is.
    server.close();
    files.close().await().atMost(PATIENCE);
  }

  @Test
  void a_form_is_sent_in_order_with_its_exact_length() throws Exception {
    // Given
    CompletableFuture<String> body = new CompletableFuture<>();
    CompletableFuture<String> length = new CompletableFuture<>();
    server.does(request -> {
      length.complete(request.getHeader("Content-Length"));
      request.bodyHandler(form -> {
        body.complete(form.toString());
        request.response().end("{\"id\":\"file-1\",\"bytes\":8}");
      });
    });
    // When
    HttpReply httpReply = upload(8, lines("{\"a\":", "1}\n"));
    // Then
    assertThat(httpReply.json().path("id").asText()).isEqualTo("file-1");
    assertThat(length.get(10, TimeUnit.SECONDS))
        .isEqualTo(Integer.toString(body.get(10, TimeUnit.SECONDS).length()));
    assertThat(body.get().replaceAll("arctic-[0-9a-f-]{36}", "XX"))
        .isEqualTo(
            """
            --XX
            Content-Disposition: form-data; name="purpose"

            batch
            --XX
            Content-Disposition: form-data; name="expires_after[anchor]"

            created_at
            --XX
            Content-Disposition: form-data; name="expires_after[seconds]"

            2592000
            --XX
            Content-Disposition: form-data; name="file"; filename="dep_part-7_1.jsonl"
            Content-Type: application/octet-stream

            {"a":1}

            --XX--
            """
                .replace("\n", "\r\n")
                .replace("1}\r\n\r\n--", "1}\n\r\n--"));
  }

  @Test
  void lines_that_are_not_as_long_as_announced_are_not_a_file() {
    // When
    ProviderException tooShort = failureOfUpload(9, lines("{\"a\":1}\n"));
    ProviderException tooLong = failureOfUpload(7, lines("{\"a\":1}\n"));
    // Then
    assertThat(tooShort.kind()).isEqualTo(Kind.REJECTED);
    assertThat(tooLong.kind()).isEqualTo(Kind.REJECTED);
  }

  @Test
  void lines_that_cannot_be_read_end_the_upload() {
    // Given
    Multi<Buffer> broken =
        Multi.createBy()
            .concatenating()
            .streams(lines("{\"a\""), Multi.createFrom().failure(new IOException("disk")));
    // When
    ProviderException failure = failureOfUpload(8, broken);
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure).hasRootCauseMessage("disk");
  }

  @Test
  void an_answer_before_the_end_of_the_form_counts() {
    // Given
    server.does(request ->
        request.response().setStatusCode(413).end("{\"error\":{\"message\":\"too big\"}}"));
    // When
    HttpReply httpReply = upload(8, Multi.createBy().concatenating().streams(lines("{"), never()));
    // Then
    assertThat(httpReply.status()).isEqualTo(413);
  }

  @Test
  void an_upload_whose_connection_breaks_can_be_repeated() {
    // Given
    server.does(request -> request.connection().close());
    // When
    ProviderException failure = failureOfUpload(1 << 24, megabytes(16));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void an_upload_whose_receiver_does_not_read_ends() {
    // Given
    files = impatient();
    server.does(HttpServerRequest::pause);
    AtomicLong sent = new AtomicLong();
    Multi<Buffer> lines = megabytes(64).onItem().invoke(part -> sent.addAndGet(part.length()));
    // When
    ProviderException failure = failureOfUpload(64 << 20, lines);
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(sent).as("bytes taken from the source").hasValueLessThan(32 << 20);
  }

  @Test
  void an_upload_that_gets_no_answer_ends() {
    // Given
    files = impatient();
    server.does(HttpServerRequest::resume);
    // When
    ProviderException failure = failureOfUpload(8, lines("{\"a\":1}\n"));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(failure).hasMessageContaining("nothing was received for");
  }

  @Test
  void a_file_is_downloaded_with_and_without_a_length() {
    // Given
    server.does(request -> {
      if (request.uri().contains("chunked")) {
        request.response().setChunked(true).write("line 1\n");
      }
      request.response().end("line 2\n");
    });
    // When
    String chunked = download("chunked");
    String whole = download("whole");
    // Then
    assertThat(chunked).isEqualTo("line 1\nline 2\n");
    assertThat(whole).isEqualTo("line 2\n");
    assertThat(server.asked())
        .containsExactly("GET /v1/files/chunked/content", "GET /v1/files/whole/content");
  }

  @Test
  void a_download_that_is_cut_fails_with_and_without_a_length() {
    // Given
    server.does(request -> {
      if (request.uri().contains("chunked")) {
        request.response().setChunked(true);
      } else {
        request.response().putHeader("Content-Length", "100");
      }
      request.response().write("line 1\n").onComplete(_ -> request.connection().close());
    });
    // When
    ProviderException chunked = failureOfDownload("chunked");
    ProviderException whole = failureOfDownload("whole");
    // Then
    assertThat(chunked.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(whole.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void a_file_that_is_gone_is_not_found_and_a_page_is_no_file() {
    // Given
    server.answers(404, "{\"error\":{\"message\":\"No such File object\"}}");
    ProviderException gone = failureOfDownload("file-1");
    server.answers(404, "<html>nothing here</html>");
    ProviderException lost = failureOfDownload("file-1");
    server.answers(200, "<html>Welcome</html>");
    ProviderException page = failureOfDownload("file-1");
    // Then
    assertThat(gone.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(lost.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(page.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void a_download_that_stands_still_ends() {
    // Given
    files = impatient();
    server.does(request -> request.response().setChunked(true).write("line 1\n"));
    // When
    ProviderException body = failureOfDownload("file-1");
    server.does(HttpServerRequest::resume);
    ProviderException head = failureOfDownload("file-1");
    // Then
    assertThat(body.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(head.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void a_slow_reader_holds_the_download_and_does_not_break_it() throws Exception {
    // Given
    files = impatient();
    AtomicLong sent = new AtomicLong();
    server.does(request -> sendMegabytes(request, 64, sent));
    AssertSubscriber<Buffer> reader =
        files.download(CALL, "file-1").subscribe().withSubscriber(AssertSubscriber.create(1));
    reader.awaitItems(1, PATIENCE);
    // When
    CompletableFuture<Void> later = new CompletableFuture<>();
    vertx.setTimer(4 * SHORT.toMillis(), _ -> later.complete(null));
    later.get(10, TimeUnit.SECONDS);
    long sentMeanwhile = sent.get();
    reader.request(Long.MAX_VALUE);
    // Then
    reader.awaitCompletion(PATIENCE);
    assertThat(reader.getItems().stream().mapToLong(Buffer::length).sum()).isEqualTo(64 << 20);
    assertThat(sentMeanwhile).as("bytes sent to a reader who wants none").isLessThan(32 << 20);
  }

  @Test
  void a_redirect_is_followed_without_the_key() throws Exception {
    // Given
    CompletableFuture<Boolean> hasKey = new CompletableFuture<>();
    try (ScriptedServer store = new ScriptedServer(vertx)) {
      store.does(request -> {
        hasKey.complete(request.headers().contains("Authorization"));
        request.response().end("line 1\n");
      });
      server.does(request ->
          request
              .response()
              .setStatusCode(302)
              .putHeader("Location", store.url() + "/signed?x=1%2F2")
              .end());
      // When
      String content = download("file-1");
      // Then
      assertThat(content).isEqualTo("line 1\n");
      assertThat(hasKey.get(10, TimeUnit.SECONDS)).isFalse();
      assertThat(store.asked()).containsExactly("GET /v1/signed?x=1%2F2");
    }
  }

  @Test
  void a_redirect_in_circles_ends() {
    // Given
    server.does(request ->
        request.response().setStatusCode(307).putHeader("Location", request.uri()).end());
    // When
    ProviderException failure = failureOfDownload("file-1");
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
    assertThat(server.asked()).hasSize(6);
  }

  private OpenAiFiles impatient() {
    return new OpenAiFiles(
        new io.vertx.mutiny.core.Vertx(vertx), anAccount(server.url(), SHORT), Proxies.none());
  }

  private HttpReply upload(long bytes, Multi<Buffer> lines) {
    return files
        .upload(CALL, aSubmission(bytes), Dialect.ExpiryForm.BRACKETS, lines)
        .await()
        .atMost(PATIENCE);
  }

  private ProviderException failureOfUpload(long bytes, Multi<Buffer> lines) {
    return catchThrowableOfType(ProviderException.class, () -> upload(bytes, lines));
  }

  private String download(String id) {
    return files
        .download(CALL, id)
        .collect()
        .in(StringBuilder::new, StringBuilder::append)
        .await()
        .atMost(PATIENCE)
        .toString();
  }

  private ProviderException failureOfDownload(String id) {
    return catchThrowableOfType(ProviderException.class, () -> download(id));
  }

  private static Multi<Buffer> lines(String... parts) {
    return Multi.createFrom().iterable(List.of(parts)).map(Buffer::buffer);
  }

  private static Multi<Buffer> never() {
    return Multi.createFrom().nothing();
  }

  private static Multi<Buffer> megabytes(int count) {
    return Multi.createFrom().range(0, count).map(_ -> Buffer.buffer(new byte[1 << 20]));
  }

  private static void sendMegabytes(HttpServerRequest request, int count, AtomicLong sent) {
    var response =
        request.response().putHeader("Content-Length", Long.toString((long) count << 20));
    sendNext(response, count, sent);
  }

  private static void sendNext(
      io.vertx.core.http.HttpServerResponse response, int left, AtomicLong sent) {
    if (left == 0) {
      response.end();
      return;
    }
    response
        .write(io.vertx.core.buffer.Buffer.buffer(new byte[1 << 20]))
        .onSuccess(_ -> {
          sent.addAndGet(1 << 20);
          sendNext(response, left - 1, sent);
        });
  }
}
