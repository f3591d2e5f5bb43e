package dev.arcticsynth.provider.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.batches.BatchListParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.arcticsynth.support.TestClock;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the official client makes of it.
class SimulatorWireTest {
  private final Vertx vertx = Vertx.vertx();
  private final TestClock clock = new TestClock();
  @TempDir Path dir;
  private Simulator simulator;
  private OpenAIClient client;

  @BeforeEach
  void start() {
    simulator =
        Simulator.start(
            vertx, SimulatorSettings.instant(dir).withRunning(Duration.ofHours(1)), clock);
    client = client("key");
  }

  @AfterEach
  void stop() {
    client.close();
    simulator.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void an_upload_answers_with_what_it_stored_and_can_be_read_back() throws IOException {
    // Given
    String content = RawClient.rows(3);

    // When
    FileObject file = upload("p-7.jsonl", content);

    // Then
    assertThat(file.bytes()).isEqualTo(content.length());
    assertThat(file.filename()).isEqualTo("p-7.jsonl");
    assertThat(file.purpose()).isEqualTo(FileObject.Purpose.BATCH);
    assertThat(client.files().retrieve(file.id()).id()).isEqualTo(file.id());
    assertThat(content(file.id())).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: 192.0.2.1",
        "Host: localhost\r\nOrigin: http://evil.example",
        "Host: localhost\r\nOrigin: null",
        "Host: localhost\r\nSec-Fetch-Site: same-site"
      })
  void a_page_in_a_browser_is_refused(String headers) throws IOException {
    for (String path : List.of("/v1/files", "/_simulator/ledger", "/_simulator/faults")) {
      try (var socket = new Socket("127.0.0.1", simulator.url().getPort())) {
        // When
        socket
            .getOutputStream()
            .write(
                "GET %s HTTP/1.1\r\nAuthorization: Bearer key\r\nConnection: close\r\n%s\r\n\r\n"
                    .formatted(path, headers)
                    .getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 403")
            .contains("cross_site");
      }
    }
  }

  @Test
  void a_batch_runs_and_completes_with_an_answer_for_every_row() throws IOException {
    // Given
    Batch created = create(upload("in.jsonl", RawClient.rows(20)).id());

    // When
    Batch running = client.batches().retrieve(created.id());
    clock.advance(Duration.ofHours(1));
    Batch completed = client.batches().retrieve(created.id());

    // Then
    assertThat(created.status()).isEqualTo(Batch.Status.VALIDATING);
    assertThat(running.status()).isEqualTo(Batch.Status.IN_PROGRESS);
    assertThat(completed.status()).isEqualTo(Batch.Status.COMPLETED);
    assertThat(completed.errorFileId()).isEmpty();
    assertThat(completed.requestCounts().orElseThrow().completed()).isEqualTo(20);
    assertThat(completed.usage().orElseThrow().totalTokens()).isPositive();
    assertThat(content(completed.outputFileId().orElseThrow()).lines())
        .hasSize(20)
        .allSatisfy(line ->
            assertThat(RawClient.parse(line).at("/response/body/choices/0/message/content"))
                .asString()
                .contains("Question "));
  }

  @Test
  void lists_are_paged_newest_first() {
    // Given
    String input = upload("in.jsonl", RawClient.rows(1)).id();
    List<String> created = IntStream.range(0, 7).mapToObj(_ -> create(input).id()).toList();

    // When
    List<String> listed =
        client.batches().list(BatchListParams.builder().limit(3).build()).autoPager().stream()
            .map(Batch::id)
            .toList();

    // Then
    assertThat(listed).isEqualTo(created.reversed());
  }

  @Test
  void files_are_listed_by_purpose_in_either_order() {
    // Given
    String first = upload("a.jsonl", RawClient.rows(1)).id();
    String second = upload("b.jsonl", RawClient.rows(1)).id();
    FileListParams oldestFirst =
        FileListParams.builder().purpose("batch").limit(1).order(FileListParams.Order.ASC).build();

    // When
    List<String> listed =
        client.files().list(oldestFirst).autoPager().stream().map(FileObject::id).toList();

    // Then
    assertThat(listed).containsExactly(first, second);
  }

  @Test
  void a_cancelled_batch_keeps_what_was_answered() throws IOException {
    // Given
    String id = create(upload("in.jsonl", RawClient.rows(40)).id()).id();
    clock.advance(Duration.ofMinutes(15));

    // When
    Batch cancelling = client.batches().cancel(id);
    Batch cancelled = client.batches().retrieve(id);

    // Then
    assertThat(cancelling.status()).isEqualTo(Batch.Status.CANCELLING);
    assertThat(cancelled.status()).isEqualTo(Batch.Status.CANCELLED);
    assertThat(content(cancelled.outputFileId().orElseThrow()).lines()).hasSize(10);
    assertThat(content(cancelled.errorFileId().orElseThrow()).lines())
        .hasSize(15)
        .allMatch(line -> line.contains("batch_cancelled"));
  }

  @Test
  void a_deleted_file_is_gone_and_no_batch_can_be_made_of_it() {
    // Given
    String file = upload("in.jsonl", RawClient.rows(1)).id();

    // When
    boolean deleted = client.files().delete(file).deleted();

    // Then
    assertThat(deleted).isTrue();
    assertThatThrownBy(() -> client.files().retrieve(file)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> create(file)).isInstanceOf(BadRequestException.class);
  }

  @Test
  void a_batch_file_must_be_called_jsonl() {
    assertThatThrownBy(() -> upload("in.txt", RawClient.rows(1)))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("Must be .jsonl");
  }

  @Test
  void what_does_not_exist_is_refused_in_the_shape_of_openai() {
    // Given
    RawClient raw = new RawClient(simulator);

    // When
    var unknownPath = raw.get("/nonsense");
    var wrongMethod = raw.delete("/batches");
    var noSuchBatch = raw.get("/batches/batch_1");

    // Then
    assertThat(unknownPath.statusCode()).isEqualTo(404);
    assertThat(wrongMethod.statusCode()).isEqualTo(405);
    assertThat(noSuchBatch.statusCode()).isEqualTo(404);
    assertThat(List.of(unknownPath, wrongMethod, noSuchBatch))
        .allSatisfy(reply -> {
          assertThat(RawClient.json(reply).at("/error/message").asText()).isNotEmpty();
          assertThat(reply.headers().firstValue("x-request-id")).isPresent();
        });
  }

  @Test
  void a_key_is_required() {
    try (var http = java.net.http.HttpClient.newHttpClient()) {
      // When
      var reply =
          http.send(
              java.net.http.HttpRequest.newBuilder(
                      java.net.URI.create(simulator.url() + "/batches"))
                  .build(),
              java.net.http.HttpResponse.BodyHandlers.ofString());

      // Then
      assertThat(reply.statusCode()).isEqualTo(401);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void every_endpoint_answers_in_its_own_shape() {
    // Given
    RawClient raw = new RawClient(simulator);
    List<String> ids =
        List.of(
            started(raw, "/v1/responses", "\"input\":\"Hi there\""),
            started(raw, "/v1/embeddings", "\"input\":[\"a\",\"b\"]"),
            started(raw, "/v1/completions", "\"prompt\":\"Once\""),
            started(raw, "/v1/moderations", "\"input\":\"Hi\""));
    clock.advance(Duration.ofHours(1));

    // When
    List<String> lines = ids.stream().map(raw::output).toList();

    // Then
    assertThat(RawClient.parse(lines.get(0)).at("/response/body/output/0/content/0/text").asText())
        .contains("Hi there");
    assertThat(RawClient.parse(lines.get(1)).at("/response/body/data")).hasSize(2);
    assertThat(RawClient.parse(lines.get(2)).at("/response/body/choices/0/text").asText())
        .contains("Once");
    assertThat(RawClient.parse(lines.get(3)).at("/response/body/results/0/flagged").isBoolean())
        .isTrue();
  }

  private static String started(RawClient raw, String endpoint, String prompt) {
    String row =
        "{\"custom_id\":\"r\",\"method\":\"POST\",\"url\":\"%s\",\"body\":{\"model\":\"m\",%s}}\n"
            .formatted(endpoint, prompt);
    return RawClient.json(raw.create(raw.uploaded(row), endpoint, java.util.Map.of()))
        .path("id")
        .asText();
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .apiKey(key)
        .baseUrl(simulator.url().toString())
        .maxRetries(0)
        .build();
  }

  private FileObject upload(String name, String content) {
    return client
        .files()
        .create(
            FileCreateParams.builder()
                .purpose(FilePurpose.BATCH)
                .file(
                    MultipartField.<InputStream>builder()
                        .value(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)))
                        .filename(name)
                        .contentType("application/octet-stream")
                        .build())
                .build());
  }

  private Batch create(String fileId) {
    return client
        .batches()
        .create(
            BatchCreateParams.builder()
                .inputFileId(fileId)
                .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                .completionWindow(BatchCreateParams.CompletionWindow._24H)
                .metadata(BatchCreateParams.Metadata.builder().build())
                .build());
  }

  private String content(String fileId) throws IOException {
    try (HttpResponse response = client.files().content(fileId)) {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
