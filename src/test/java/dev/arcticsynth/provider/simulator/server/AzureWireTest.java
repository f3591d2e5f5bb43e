package dev.arcticsynth.provider.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.azure.AzureOpenAIServiceVersion;
import com.openai.azure.AzureUrlPathMode;
import com.openai.azure.credential.AzureApiKeyCredential;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.MultipartField;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import dev.arcticsynth.support.TestClock;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the official client makes of a simulator that plays Azure, in its own Azure mode.
class AzureWireTest {

  private final Vertx vertx = Vertx.vertx();
  private final TestClock clock = new TestClock();
  @TempDir Path dir;
  private Simulator simulator;

  /// Both surfaces.
  enum Surface {
    V1("/openai/v1", AzureUrlPathMode.UNIFIED),
    DATED("", AzureUrlPathMode.LEGACY);

    private final String path;
    private final AzureUrlPathMode mode;

    Surface(String path, AzureUrlPathMode mode) {
      this.path = path;
      this.mode = mode;
    }
  }

  @BeforeEach
  void start() {
    simulator =
        Simulator.start(
            vertx,
            SimulatorSettings.instant(dir)
                .withRunning(Duration.ofHours(1))
                .withDialect(SimulatedApi.AZURE)
                .withProcessing(Duration.ofMinutes(1)),
            clock);
  }

  @AfterEach
  void stop() {
    simulator.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @EnumSource(Surface.class)
  void a_batch_runs_once_its_file_is_read(Surface surface) throws IOException {
    // Given
    OpenAIClient client = client(surface);
    FileObject file = upload(client);

    // When
    assertThatThrownBy(() -> create(client, file))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("pending");
    clock.advance(Duration.ofMinutes(1));
    FileObject read = client.files().retrieve(file.id());
    Batch created = create(client, file);
    clock.advance(Duration.ofHours(1));
    Batch completed = client.batches().retrieve(created.id());

    // Then
    assertThat(file.status().asString()).isEqualTo("pending");
    assertThat(read.status().asString()).isEqualTo("processed");
    assertThat(completed.status()).isEqualTo(Batch.Status.COMPLETED);
    assertThat(completed.requestCounts().orElseThrow().completed()).isEqualTo(3);
    assertThat(content(client, completed.errorFileId().orElseThrow())).isEmpty();
    assertThat(content(client, completed.outputFileId().orElseThrow()).lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("{\"custom_id\":"));
    assertThat(client.batches().list().data()).extracting(Batch::id).contains(created.id());
    assertThat(client.files().delete(file.id()).deleted()).isTrue();
  }

  @Test
  void a_batch_does_not_expire_by_itself() {
    // Given
    OpenAIClient client = client(Surface.V1);
    simulator.faults().next(new Fault.SlowBatch(Duration.ofDays(3)));
    FileObject file = upload(client);
    clock.advance(Duration.ofMinutes(1));
    Batch created = create(client, file);

    // When
    clock.advance(Duration.ofDays(2));
    Batch late = client.batches().retrieve(created.id());

    // Then
    assertThat(late.status()).isEqualTo(Batch.Status.IN_PROGRESS);
    assertThat(late.expiresAt()).contains(created.createdAt() + 86_400);
  }

  @Test
  void a_version_that_is_not_there_is_not_found() {
    // Given
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(simulator.endpoint().toString())
            .credential(AzureApiKeyCredential.create("key"))
            .azureServiceVersion(AzureOpenAIServiceVersion.fromString("2020-01-01"))
            .azureUrlPathMode(AzureUrlPathMode.LEGACY)
            .maxRetries(0)
            .build();

    // Then
    assertThatThrownBy(() -> client.batches().list()).isInstanceOf(NotFoundException.class);
  }

  @Test
  void a_call_without_a_key_is_refused() throws IOException {
    // When
    var call =
        (java.net.HttpURLConnection)
            java.net.URI.create(simulator.url() + "/batches").toURL().openConnection();

    // Then
    assertThat(call.getResponseCode()).isEqualTo(401);
  }

  private OpenAIClient client(Surface surface) {
    var builder =
        OpenAIOkHttpClient.builder()
            .baseUrl(simulator.endpoint() + surface.path)
            .credential(AzureApiKeyCredential.create("key"))
            .azureUrlPathMode(surface.mode)
            .maxRetries(0);
    return switch (surface) {
      case V1 -> builder.build();
      case DATED ->
          builder.azureServiceVersion(AzureOpenAIServiceVersion.fromString("2024-10-21")).build();
    };
  }

  private static FileObject upload(OpenAIClient client) {
    return client
        .files()
        .create(
            FileCreateParams.builder()
                .purpose(FilePurpose.BATCH)
                .expiresAfter(FileCreateParams.ExpiresAfter.builder().seconds(1_209_600).build())
                .file(
                    MultipartField.<InputStream>builder()
                        .value(
                            new ByteArrayInputStream(
                                RawClient.rows(3).getBytes(StandardCharsets.UTF_8)))
                        .filename("in.jsonl")
                        .contentType("application/json")
                        .build())
                .build());
  }

  private static Batch create(OpenAIClient client, FileObject file) {
    return client
        .batches()
        .create(
            BatchCreateParams.builder()
                .inputFileId(file.id())
                .endpoint(BatchCreateParams.Endpoint.of("/chat/completions"))
                .completionWindow(BatchCreateParams.CompletionWindow._24H)
                .build());
  }

  private static String content(OpenAIClient client, String fileId) throws IOException {
    try (HttpResponse response = client.files().content(fileId)) {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
