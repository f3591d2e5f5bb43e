package dev.arcticsynth.provider.openai;

import static dev.arcticsynth.provider.openai.OpenAiSamples.PATIENCE;
import static dev.arcticsynth.provider.openai.OpenAiSamples.aSubmission;
import static dev.arcticsynth.provider.openai.OpenAiSamples.anAccount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.Provider.RemoteFile;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The calls that may run twice.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
class OpenAiCallsTest {

  private static final Instant SINCE = Instant.ofEpochSecond(1_790_000_000);

  @Inject OpenAiClients clients;
  @Inject Vertx vertx;
  private ScriptedServer server;
  private OpenAiProvider provider;

  @BeforeEach
  void start() throws Exception {
    server = new ScriptedServer(vertx);
    provider = clients.connect(anAccount(server.url()));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void a_file_that_is_stored_whole_is_uploaded() {
    // Given
    server.answers(200, "{\"id\":\"file-1\",\"bytes\":3}");
    // When
    RemoteFile file = await(provider.upload(aSubmission(3), lines("{}\n")));
    // Then
    assertThat(file).isEqualTo(new RemoteFile("file-1", "req_7"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"file-1\",\"bytes\":0}",
        "{\"id\":\"file-1\",\"bytes\":null}",
        "{\"id\":\"file-1\"}",
        "{\"id\":\"file-1\",\"bytes\":2}",
        "{\"id\":\"file-1\",\"bytes\":\"3 B\"}"
      })
  void the_size_that_a_provider_says_is_a_hint(String reply) {
    // Given
    server.answers(200, reply);
    // When
    RemoteFile file = await(provider.upload(aSubmission(3), lines("{}\n")));
    // Then
    assertThat(file).isEqualTo(new RemoteFile("file-1", "req_7"));
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void ids_may_be_numbers() {
    // Given
    server.answers(
        200,
        "{\"id\":17,\"input_file_id\":12,\"status\":\"completed\",\"output_file_id\":1234567890123456789}");
    // When
    String file = await(provider.upload(aSubmission(3), lines("{}\n"))).id();
    String batch = await(provider.create(aSubmission(3), "12")).id();
    var status = (BatchStatus.Ended) await(provider.status(batch));
    server.answers(
        200,
        "{\"data\":[{\"id\":17,\"input_file_id\":12,\"created_at\":1790000100}],\"has_more\":false}");
    Optional<RemoteBatch> found = find("12");
    // Then
    assertThat(List.of(file, batch)).containsOnly("17");
    assertThat(status.files()).containsExactly("1234567890123456789");
    assertThat(found).map(RemoteBatch::id).contains("17");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"Unknown parameter: 'expires_after[anchor]'.\"}}",
        "{\"detail\":[{\"loc\":[\"body\",\"expires_after\"],\"msg\":\"Extra inputs are not permitted\"}]}",
        "{\"message\":\"file expiration is not supported\"}"
      })
  void an_expiry_that_a_server_refuses_is_not_sent_to_it_again(String refusal) {
    // Given
    List<String> forms = new CopyOnWriteArrayList<>();
    server.does(request ->
        request.bodyHandler(form -> {
          forms.add(form.toString());
          boolean isRefused = form.toString().contains("expires_after");
          request
              .response()
              .setStatusCode(isRefused ? 400 : 200)
              .end(isRefused ? refusal : "{\"id\":\"file-1\"}");
        }));
    // When
    RemoteFile first = await(provider.upload(aSubmission(3), lines("{}\n")));
    RemoteFile second = await(provider.upload(aSubmission(3), lines("{}\n")));
    // Then
    assertThat(first.id()).isEqualTo("file-1");
    assertThat(second.id()).isEqualTo("file-1");
    assertThat(forms).hasSize(3).allMatch(form -> form.contains("{}\n"));
    assertThat(forms.getFirst()).contains("expires_after");
    assertThat(forms.subList(1, 3)).noneMatch(form -> form.contains("expires_after"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"bytes":3}                               | TRANSIENT
          200 | <html>Welcome</html>                      | TRANSIENT
          400 | {"error":{"message":"not .jsonl"}}        | REJECTED
          401 | {"error":{"message":"key"}}               | DENIED
          302 | ''                                        | REJECTED
          413 | <html>too large</html>                    | REJECTED
          429 | {"error":{"code":"rate_limit_exceeded"}}  | THROTTLED
          409 | {"error":{"message":"busy"}}              | TRANSIENT
          500 | {"error":{"message":"oops"}}              | TRANSIENT
          """)
  void an_upload_that_did_not_work_can_be_repeated_when_that_helps(
      int status, String body, Kind kind) {
    // Given
    server.answers(status, body);
    // When
    ProviderException failure = failureOf(provider.upload(aSubmission(3), lines("{}\n")));
    // Then
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining("dep/part-7/1");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void a_status_is_asked_again_when_the_failure_passes() {
    // Given
    AtomicInteger calls = new AtomicInteger();
    server.does(request -> {
      switch (calls.incrementAndGet()) {
        case 1 -> ScriptedServer.answer(request, 502, "<html>bad gateway</html>");
        case 2 -> request.connection().close();
        default -> ScriptedServer.answer(request, 200, "{\"status\":\"validating\"}");
      }
    });
    // When
    BatchStatus status = await(provider.status("batch_1"));
    // Then
    assertThat(status).isEqualTo(new BatchStatus.InProgress("validating", 0, 0, false));
    assertThat(calls).hasValue(3);
  }

  @Test
  void a_status_that_fails_for_long_is_given_up() {
    // Given
    server.answers(503, "{\"error\":{\"code\":\"server_is_overloaded\"}}");
    // When
    ProviderException failure = failureOf(provider.status("batch_1"));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(server.asked()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"error":{"message":"gone?"}} | TRANSIENT
          200 | junk                          | TRANSIENT
          404 | <html>Not Found</html>        | TRANSIENT
          401 | {}                            | DENIED
          429 | {}                            | THROTTLED
          """)
  void a_status_that_cannot_be_read_is_no_status(int status, String body, Kind kind) {
    // Given
    server.answers(status, body);
    // When
    ProviderException failure = failureOf(provider.status("batch_1"));
    // Then
    assertThat(failure.kind()).isEqualTo(kind);
  }

  @Test
  void a_batch_that_the_provider_does_not_know_is_gone() {
    // Given
    server.answers(404, "{\"error\":{\"message\":\"No batch found\"}}");
    // When
    BatchStatus status = await(provider.status("batch_1"));
    // Then
    assertThat(status).isInstanceOf(BatchStatus.Gone.class);
  }

  @Test
  void an_id_cannot_leave_its_place_in_the_path() {
    // Given
    server.answers(200, "{\"status\":\"validating\"}");
    // When
    BatchStatus status = await(provider.status("../files/a b?c#d"));
    // Then
    assertThat(status.word()).isEqualTo("validating");
    assertThat(server.asked()).containsExactly("GET /v1/batches/..%2Ffiles%2Fa%20b%3Fc%23d");
  }

  @Test
  void a_batch_is_found_by_its_file_or_where_that_is_not_said_by_its_tag_on_any_page() {
    // Given
    List<String> batches = new ArrayList<>(batches(250));
    batches.set(120, batch("mine", "file-1", "other", 100));
    listsInPages(batches);
    Optional<RemoteBatch> byFile = find("file-1");
    batches.set(120, batch("other", "file-2", "other", 100));
    batches.set(230, batch("tagged", "", "dep/part-7/1", 10));
    // When
    Optional<RemoteBatch> byTag = find("file-1");
    // Then
    assertThat(byFile).map(RemoteBatch::id).contains("mine");
    assertThat(byTag).map(RemoteBatch::id).contains("tagged");
  }

  @Test
  void a_batch_with_our_tag_over_another_file_is_of_an_attempt_that_the_database_has_lost() {
    // Given
    List<String> batches = new ArrayList<>(batches(3));
    batches.set(1, batch("lost", "file-0", "dep/part-7/1", 10));
    listsInPages(batches);
    // When
    Optional<RemoteBatch> found = find("file-1");
    // Then
    assertThat(found).isEmpty();
  }

  @Test
  void a_batch_is_found_in_a_list_without_order() {
    // Given
    List<String> batches = new ArrayList<>(batches(150));
    IntStream.range(0, 150)
        .forEach(i -> batches.add(batch("old" + i, "file-old" + i, "old", -10_000 - i)));
    batches.add(batch("mine", "file-1", "dep/part-7/1", 10));
    Collections.shuffle(batches.subList(0, 200), new Random(7));
    Collections.swap(batches, 299, 300);
    listsInPages(batches);
    // When
    Optional<RemoteBatch> found = find("file-1");
    // Then
    assertThat(found).map(RemoteBatch::id).contains("mine");
  }

  @Test
  void a_batch_is_found_in_a_list_that_runs_the_other_way() {
    // Given
    List<String> batches = new ArrayList<>();
    IntStream.range(0, 150)
        .forEach(i -> batches.add(batch("old" + i, "file-old" + i, "old", -10_000 + i)));
    batches.add(batch("mine", "file-1", "dep/part-7/1", 10));
    listsInPages(batches);
    // When
    Optional<RemoteBatch> found = find("file-1");
    // Then
    assertThat(found).map(RemoteBatch::id).contains("mine");
  }

  @Test
  void a_search_ends_where_all_batches_are_older() {
    // Given
    List<String> batches = new ArrayList<>(batches(50));
    IntStream.range(0, 1000)
        .forEach(i -> batches.add(batch("old" + i, "file-old" + i, "old", -10_000 - i)));
    listsInPages(batches);
    // When
    Optional<RemoteBatch> found = find("file-1");
    // Then
    assertThat(found).isEmpty();
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void a_batch_that_shows_up_late_is_found_the_next_time() {
    // Given
    List<String> batches = new ArrayList<>(batches(3));
    listsInPages(batches);
    Optional<RemoteBatch> early = find("file-1");
    batches.addFirst(batch("mine", "file-1", "dep/part-7/1", 500));
    // When
    Optional<RemoteBatch> late = find("file-1");
    // Then
    assertThat(early).isEmpty();
    assertThat(late).isPresent();
  }

  @Test
  void a_search_ends_when_the_cursor_does_not_move() {
    // Given
    server.answers(200, "{\"data\":[" + batch("b", "f", "t", 5) + "],\"has_more\":true}");
    // When
    Optional<RemoteBatch> found = find("file-1");
    // Then
    assertThat(found).isEmpty();
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void a_list_that_cannot_be_read_does_not_say_that_there_is_no_batch() {
    // Given
    server.answers(200, "{\"object\":\"list\"}");
    // When
    ProviderException failure = failureOf(provider.find(aSubmission(3), "file-1", SINCE));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"id":"file-1","deleted":true}          |
          404 | {"error":{"message":"No such File"}}    |
          404 | ''                                      |
          204 | ''                                      |
          200 | {"id":"file-1","deleted":false}         | TRANSIENT
          200 | <html>Welcome</html>                    | TRANSIENT
          404 | <html>Not Found</html>                  | TRANSIENT
          500 | {}                                      | TRANSIENT
          403 | {}                                      | DENIED
          """)
  void a_file_is_fenced_when_it_is_proved_gone(int status, String body, Kind kind) {
    // Given
    server.answers(status, body);
    // When
    Kind failure =
        provider
            .fence("file-1")
            .<Kind>map(_ -> null)
            .onFailure(ProviderException.class)
            .recoverWithItem(thrown -> ((ProviderException) thrown).kind())
            .await()
            .atMost(PATIENCE);
    // Then
    assertThat(failure).isEqualTo(kind);
    assertThat(server.asked()).containsExactly("DELETE /v1/files/file-1");
  }

  @ParameterizedTest
  @CsvSource({"400, completed", "409, cancelled", "400, failed", "409, cancelling"})
  void cancelling_what_is_over_is_harmless(int refusal, String status) {
    // Given
    cancelIsRefused(refusal, status);
    // Then
    assertThatCode(() -> await(provider.cancel("batch_1"))).doesNotThrowAnyException();
  }

  @Test
  void a_cancel_that_is_refused_while_the_batch_runs_is_a_failure() {
    // Given
    cancelIsRefused(409, "in_progress");
    // When
    ProviderException failure = failureOf(provider.cancel("batch_1"));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
  }

  @Test
  void an_answer_comes_back_to_the_context_of_the_caller() throws Exception {
    // Given
    AtomicInteger calls = new AtomicInteger();
    server.does(request -> {
      int status = calls.incrementAndGet() == 1 ? 500 : 200;
      ScriptedServer.answer(request, status, "{\"status\":\"validating\"}");
    });
    Context context = vertx.getOrCreateContext();
    CompletableFuture<Context> seen = new CompletableFuture<>();
    // When
    context.runOnContext(_ ->
        provider
            .status("batch_1")
            .subscribe()
            .with(_ -> seen.complete(Vertx.currentContext()), seen::completeExceptionally));
    // Then
    assertThat(seen.get(20, TimeUnit.SECONDS)).isSameAs(context);
    assertThat(calls).hasValue(2);
  }

  private void cancelIsRefused(int refusal, String status) {
    server.does(request -> {
      if (request.uri().endsWith("/cancel")) {
        ScriptedServer.answer(request, refusal, "{\"error\":{\"message\":\"cannot\"}}");
      } else {
        ScriptedServer.answer(request, 200, "{\"status\":\"" + status + "\"}");
      }
    });
  }

  private Optional<RemoteBatch> find(String fileId) {
    return await(provider.find(aSubmission(3), fileId, SINCE));
  }

  private void listsInPages(List<String> batches) {
    server.does(request -> {
      int limit = Integer.parseInt(request.getParam("limit"));
      String after = request.getParam("after");
      int from =
          after == null
              ? 0
              : 1
                  + IntStream.range(0, batches.size())
                      .filter(i -> batches.get(i).contains("\"id\":\"" + after + "\""))
                      .findFirst()
                      .orElseThrow();
      List<String> page = batches.subList(from, Math.min(batches.size(), from + limit));
      ScriptedServer.answer(
          request,
          200,
          "{\"data\":["
              + String.join(",", page)
              + "],\"has_more\":"
              + (from + limit < batches.size())
              + "}");
    });
  }

  private static List<String> batches(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> batch("b" + i, "file-b" + i, "tag-" + i, count - i))
        .toList();
  }

  private static String batch(String id, String fileId, String tag, int secondsAfter) {
    return "{\"id\":\"%s\",\"input_file_id\":\"%s\",\"created_at\":%d,\"metadata\":{\"arctic_tag\":\"%s\"}}"
        .formatted(id, fileId, SINCE.getEpochSecond() + secondsAfter, tag);
  }

  private static Multi<Buffer> lines(String text) {
    return Multi.createFrom().item(Buffer.buffer(text));
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(PATIENCE);
  }

  private static ProviderException failureOf(Uni<?> uni) {
    return catchThrowableOfType(ProviderException.class, () -> uni.await().atMost(PATIENCE));
  }
}
