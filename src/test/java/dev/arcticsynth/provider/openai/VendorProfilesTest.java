package dev.arcticsynth.provider.openai;

import static dev.arcticsynth.provider.openai.OpenAiSamples.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.FileStatus;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.Provider.PollPace;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Other vendors' profiles, as far as we know their wire.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
class VendorProfilesTest {

  @Inject OpenAiClients clients;
  @Inject Vertx vertx;
  private ScriptedServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ScriptedServer(vertx);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "groq, https://api.groq.com/openai/v1, 100000000",
    "together, https://api.together.xyz/v1, 100000000",
    "doubleword, https://api.doubleword.ai/v1, 100000000",
  })
  void a_profile_knows_the_vendors_address_and_limits(String name, String url, long bytes) {
    // When
    Account account = account(Map.of("profile", name, "api-key", "key"));
    // Then
    assertThat(account.url()).hasToString(url);
    assertThat(account.limits().maxFileBytes()).isEqualTo(bytes);
    assertThat(account.limits().maxRequests()).isEqualTo(50_000);
    assertThat(account.credentials().headers()).containsEntry("Authorization", "Bearer key");
  }

  @Test
  void groq_answers_chats_only() {
    assertThat(account(Map.of("profile", "groq", "api-key", "key")).limits().endpoints())
        .containsExactly("/v1/chat/completions");
  }

  @ParameterizedTest
  @CsvSource({"groq, batch", "together, batch-api", "doubleword, batch", "openai, batch"})
  void a_file_is_uploaded_with_the_vendors_own_purpose(String name, String purpose) {
    // Given
    var form = new AtomicReference<String>("");
    server.does(request ->
        request.bodyHandler(body -> {
          form.set(body.toString());
          request.response().end("{\"id\":\"file-1\",\"bytes\":3,\"status\":\"pending\"}");
        }));
    // When
    FileStatus status =
        connect(name)
            .upload(
                OpenAiSamples.aSubmission(3),
                Multi.createFrom()
                    .item(new io.vertx.mutiny.core.buffer.Buffer(Buffer.buffer("{}\n"))))
            .await()
            .atMost(PATIENCE)
            .status();
    // Then
    String sent = String.valueOf(form.get());
    assertThat(sent).contains("name=\"purpose\"\r\n\r\n" + purpose + "\r\n");
    assertThat(sent.contains("expires_after")).isEqualTo(name.equals("openai"));
    assertThat(status).isEqualTo(new FileStatus.Ready());
  }

  @Test
  void together_wraps_a_new_batch() {
    // Given
    server.answers(
        200,
        "{\"job\":{\"id\":\"b-1\",\"input_file_id\":\"f-1\",\"status\":\"VALIDATING\"},\"warning\":\"slow\"}");
    // When
    String id =
        connect("together")
            .create(OpenAiSamples.aSubmission(3), "f-1")
            .await()
            .atMost(PATIENCE)
            .id();
    // Then
    assertThat(id).isEqualTo("b-1");
  }

  @ParameterizedTest
  @CsvSource({"VALIDATING", "IN_PROGRESS", "CANCELING"})
  void togethers_uppercase_status_of_a_running_batch_is_read(String word) {
    // Given
    server.answers(
        200,
        "{\"id\":\"b-1\",\"status\":\""
            + word
            + "\",\"progress\":12.5,\"created_at\":\"2026-11-01T00:00:00Z\"}");
    // When
    BatchStatus status = connect("together").status("b-1").await().atMost(PATIENCE);
    // Then
    assertThat(status).isEqualTo(new BatchStatus.InProgress(word, 0, 0, false));
  }

  @Test
  void togethers_uppercase_status_of_a_completed_batch_is_read() {
    // Given
    server.answers(
        200,
        "{\"id\":\"b-1\",\"status\":\"COMPLETED\",\"progress\":100,\"output_file_id\":\"o-1\",\"error_file_id\":\"\"}");
    // When
    BatchStatus status = connect("together").status("b-1").await().atMost(PATIENCE);
    // Then
    assertThat(status)
        .isInstanceOfSatisfying(
            BatchStatus.Ended.class,
            ended -> {
              assertThat(ended.how()).isEqualTo(BatchStatus.How.COMPLETED);
              assertThat(ended.files()).containsExactly("o-1");
            });
  }

  @Test
  void together_lists_without_a_wrapping() {
    // Given
    server.answers(
        200,
        "[{\"id\":\"b-2\",\"input_file_id\":\"f-2\",\"status\":\"FAILED\"},{\"id\":\"b-1\",\"input_file_id\":\"f-1\",\"status\":\"IN_PROGRESS\"}]");
    Provider together = connect("together");
    // When
    List<ListedBatch> listed = together.batches(Instant.EPOCH).toUni().await().atMost(PATIENCE);
    var found =
        together.find(OpenAiSamples.aSubmission(3), "f-1", Instant.EPOCH).await().atMost(PATIENCE);
    // Then
    assertThat(listed).extracting(ListedBatch::id).containsExactly("b-2", "b-1");
    assertThat(found).hasValueSatisfying(batch -> assertThat(batch.id()).isEqualTo("b-1"));
  }

  @Test
  void doubleword_leaves_out_what_is_null() {
    // Given
    server.answers(200, "{\"id\":\"b-1\",\"status\":\"completed\",\"output_file_id\":\"o-1\"}");
    // When
    BatchStatus status = connect("doubleword").status("b-1").await().atMost(PATIENCE);
    // Then
    assertThat(status)
        .isInstanceOfSatisfying(
            BatchStatus.Ended.class, ended -> assertThat(ended.files()).containsExactly("o-1"));
  }

  private Provider connect(String profile) {
    return clients.connect(
        account(Map.of("profile", profile, "api-key", "key", "url", server.url().toString())));
  }

  private static Account account(Map<String, String> settings) {
    ProviderConfig config = ProviderConfig.of("openai", settings);
    return new Accounts(
            "acme",
            config.settings(),
            config.more(),
            new PollPace(Duration.ofSeconds(15), Duration.ofMinutes(5)))
        .openai();
  }
}
