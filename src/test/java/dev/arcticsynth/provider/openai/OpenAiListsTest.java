package dev.arcticsynth.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.provider.ProviderException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists as they come, and as they should not.
@QuarkusTest
@TestProfile(WithoutDatabase.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class OpenAiListsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Instant SINCE = Instant.ofEpochSecond(1_000_000);

  @Inject Vertx vertx;
  @Inject OpenAiClients clients;

  private ScriptedServer server;
  private OpenAiProvider provider;

  @BeforeEach
  void start() throws Exception {
    server = new ScriptedServer(vertx);
    provider = clients.connect(OpenAiSamples.anAccount(server.url()));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void a_list_is_read_to_its_last_page() {
    // Given
    listsInPages(250, 2_000_000);

    // When
    List<ListedBatch> batches = batches();

    // Then
    assertThat(batches).extracting(ListedBatch::id).hasSize(250).doesNotHaveDuplicates();
    assertThat(server.asked()).hasSize(3);
  }

  @Test
  void pages_that_are_too_old_are_not_asked_for() {
    // Given
    listsInPages(250, 1_000_020);

    // When
    List<ListedBatch> batches = batches();

    // Then
    assertThat(batches).hasSize(200);
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void a_page_is_requested_only_when_it_is_needed() {
    // Given
    listsInPages(250, 2_000_000);

    // When
    List<ListedBatch> first = provider.batches(SINCE).toUni().await().atMost(PATIENCE);

    // Then
    assertThat(first).hasSize(100);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void a_list_that_goes_round_in_circles_ends() {
    // Given
    server.answers(
        200,
        """
        {"object":"list","data":[{"id":"batch_1","status":"validating"},{"id":"batch_1","status":"validating"}],
         "last_id":"batch_1","has_more":true}\
        """);

    // When
    List<ListedBatch> batches = batches();

    // Then
    assertThat(batches).extracting(ListedBatch::id).containsOnly("batch_1");
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void an_entry_that_comes_twice_in_a_page_is_given_once_and_one_without_id_never() {
    // Given
    server.answers(
        200,
        """
        {"data":[{"id":"file-1","filename":"a_b_1.jsonl","created_at":7},{"id":"file-1"},{"filename":"x"},
         {"id":"file-2","filename":"notes.txt"}],"has_more":false}\
        """);

    // When
    List<ListedFile> files =
        provider
            .files()
            .onItem()
            .<ListedFile>disjoint()
            .collect()
            .asList()
            .await()
            .atMost(PATIENCE);

    // Then
    assertThat(files).extracting(ListedFile::id).containsExactly("file-1", "file-2");
    assertThat(files).extracting(ListedFile::tag).containsExactly("a/b/1", "");
    assertThat(files.getFirst().createdAt()).contains(Instant.ofEpochSecond(7));
    assertThat(server.asked()).containsExactly("GET /v1/files?purpose=batch&limit=1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"data\":null}", "[]", "<html>fine</html>"})
  void an_answer_that_is_no_list_is_not_taken_for_an_empty_one(String answer) {
    // Given
    server.answers(200, answer);

    // When
    var failure = catchThrowableOfType(ProviderException.class, this::batches);

    // Then
    assertThat(failure.kind()).isEqualTo(ProviderException.Kind.TRANSIENT);
  }

  private List<ListedBatch> batches() {
    return provider
        .batches(SINCE)
        .onItem()
        .<ListedBatch>disjoint()
        .collect()
        .asList()
        .await()
        .atMost(PATIENCE);
  }

  /// Newest first, a second apart.
  private void listsInPages(int count, long newest) {
    server.does(request -> {
      String after = request.getParam("after");
      int from = after == null ? 0 : Integer.parseInt(after.substring("batch_".length())) + 1;
      int to = Math.min(count, from + Integer.parseInt(request.getParam("limit")));
      String data =
          IntStream.range(from, to)
              .mapToObj(i ->
                  "{\"id\":\"batch_%d\",\"status\":\"in_progress\",\"created_at\":%d}"
                      .formatted(i, newest - i))
              .collect(Collectors.joining(","));
      ScriptedServer.answer(
          request, 200, "{\"data\":[" + data + "],\"has_more\":" + (to < count) + "}");
    });
  }
}
