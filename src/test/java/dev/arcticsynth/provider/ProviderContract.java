package dev.arcticsynth.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.arcticsynth.provider.BatchStatus.Ended;
import dev.arcticsynth.provider.BatchStatus.Failed;
import dev.arcticsynth.provider.Provider.FilePage;
import dev.arcticsynth.provider.Provider.ListedBatch;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.ProviderException.Kind;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the flow takes for granted of every provider. The test of each adapter implements it.
public interface ProviderContract {

  Duration PATIENCE = Duration.ofSeconds(30);

  /// A provider whose batches end within seconds.
  Provider provider();

  @Test
  default void it_says_what_it_is_and_what_a_batch_may_hold() {
    assertThat(provider().name()).isNotBlank();
    assertThat(provider().type()).isNotBlank();
    assertThat(provider().url()).isNotBlank();
    assertThat(provider().limits().maxRequests()).isPositive();
    assertThat(provider().limits().maxFileBytes()).isPositive();
    assertThat(provider().limits().endpoints()).contains("/v1/chat/completions");
    assertThat(provider().pollPace().first()).isPositive();
    assertThat(provider().pollPace().max()).isGreaterThanOrEqualTo(provider().pollPace().first());
  }

  @Test
  default void a_file_is_in_the_storage_and_known_by_its_id_until_it_is_deleted() {
    // Given
    Submission submission = aSubmission(3);
    String fileId = answer(provider().upload(submission, lines(3))).id();
    // When
    Optional<ListedFile> known = answer(provider().file(fileId));
    List<ListedFile> stored = stored();
    answer(provider().delete(fileId));
    // Then
    ListedFile file = known.orElseThrow();
    assertThat(file.tag()).isEqualTo(submission.tag());
    assertThat(file.bytes()).hasValue(submission.bytes());
    assertThat(file.createdAt()).isPresent();
    assertThat(stored).contains(file);
    assertThat(answer(provider().file(fileId))).isEmpty();
    assertThat(stored()).doesNotContain(file);
  }

  private List<ListedFile> stored() {
    List<ListedFile> stored = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      FilePage page = answer(provider().storage(after, 2));
      stored.addAll(page.files());
      after = page.next();
    } while (after.isPresent());
    return stored;
  }

  @Test
  default void every_request_is_answered_by_one_line() {
    // Given
    Submission submission = aSubmission(25);
    String fileId = answer(provider().upload(submission, lines(25))).id();
    String batchId = answer(provider().create(submission, ready(fileId))).id();
    // When
    Ended ended = (Ended) over(batchId);
    // Then
    assertThat(ended.how()).isEqualTo(BatchStatus.How.COMPLETED);
    assertThat(ended.files()).isNotEmpty().doesNotContainNull().doesNotContain("");
    List<String> answers = new ArrayList<>();
    ended.files().forEach(file -> answers.addAll(download(file)));
    assertThat(answers).hasSize(25);
    IntStream.range(0, 25)
        .forEach(i ->
            assertThat(answers)
                .filteredOn(line -> line.contains("\"" + customId(i) + "\""))
                .as(customId(i))
                .hasSize(1));
  }

  @Test
  default void a_batch_is_found_by_what_it_was_made_from() {
    // Given
    Instant since = Instant.now();
    Submission submission = aSubmission(1);
    String fileId = answer(provider().upload(submission, lines(1))).id();
    Optional<RemoteBatch> before = answer(provider().find(submission, fileId, since));
    String batchId = answer(provider().create(submission, ready(fileId))).id();
    // When
    Optional<RemoteBatch> after = answer(provider().find(submission, fileId, since));
    // Then
    assertThat(before).isEmpty();
    assertThat(after).map(RemoteBatch::id).contains(batchId);
  }

  @Test
  default void what_was_made_is_listed_with_its_tag_until_it_is_gone() {
    // Given
    Instant since = Instant.now().minusSeconds(60);
    Submission submission = aSubmission(1);
    String fileId = answer(provider().upload(submission, lines(1))).id();
    // When
    List<ListedFile> files = listed(provider().files(), ListedFile::tag, submission);
    String batchId = answer(provider().create(submission, ready(fileId))).id();
    List<ListedBatch> batches = listed(provider().batches(since), ListedBatch::tag, submission);
    done(provider().delete(fileId));
    List<ListedFile> left = listed(provider().files(), ListedFile::tag, submission);
    // Then
    assertThat(files).extracting(ListedFile::id).containsExactly(fileId);
    assertThat(files.getFirst().createdAt().orElseThrow()).isAfter(since);
    assertThat(batches).extracting(ListedBatch::id).containsExactly(batchId);
    assertThat(batches.getFirst().fileId()).isEqualTo(fileId);
    assertThat(batches.getFirst().createdAt().orElseThrow()).isAfter(since);
    assertThat(left).isEmpty();
  }

  @Test
  default void a_listed_batch_says_the_same_as_the_batch_itself() {
    // Given
    Instant since = Instant.now().minusSeconds(60);
    Submission submission = aSubmission(3);
    String fileId = answer(provider().upload(submission, lines(3))).id();
    String batchId = answer(provider().create(submission, ready(fileId))).id();
    BatchStatus status = over(batchId);
    // When
    List<ListedBatch> batches = listed(provider().batches(since), ListedBatch::tag, submission);
    // Then
    assertThat(batches).extracting(ListedBatch::status).containsExactly(status);
    assertThat(batches.getFirst().isLive()).isFalse();
  }

  @Test
  default void a_fenced_file_is_never_answered() {
    // Given
    Submission submission = aSubmission(1);
    String fileId = answer(provider().upload(submission, lines(1))).id();
    done(provider().fence(fileId));
    done(provider().fence(fileId));
    // When
    Optional<String> batchId =
        answer(
            provider()
                .create(submission, fileId)
                .map(batch -> Optional.of(batch.id()))
                .onFailure(ProviderContract::isRejected)
                .recoverWithItem(Optional.empty()));
    // Then
    batchId.ifPresent(id -> assertThat(over(id)).isInstanceOf(Failed.class));
  }

  @Test
  default void cancelling_can_be_repeated_and_comes_to_an_end() {
    // Given
    Submission submission = aSubmission(3);
    String fileId = answer(provider().upload(submission, lines(3))).id();
    String batchId = answer(provider().create(submission, ready(fileId))).id();
    // When
    done(provider().cancel(batchId));
    done(provider().cancel(batchId));
    BatchStatus status = over(batchId);
    // Then
    assertThat(status).isInstanceOf(Ended.class);
    assertThatCode(() -> done(provider().cancel(batchId))).doesNotThrowAnyException();
  }

  @Test
  default void a_file_that_cannot_be_run_fails_as_a_whole() {
    // Given
    String text = "this is no JSON\n";
    Submission submission = aSubmission(1, text.length());
    String fileId =
        answer(provider().upload(submission, Multi.createFrom().item(Buffer.buffer(text)))).id();
    String batchId = answer(provider().create(submission, ready(fileId))).id();
    // When
    BatchStatus status = over(batchId);
    // Then
    assertThat(status).isInstanceOf(Failed.class);
    assertThat(((Failed) status).first()).isPresent();
  }

  @Test
  default void a_batch_that_was_never_made_is_gone() {
    assertThat(answer(provider().status("batch_unknown"))).isInstanceOf(BatchStatus.Gone.class);
  }

  @Test
  default void a_file_that_was_never_made_is_not_found_and_can_be_deleted() {
    // When
    ProviderException failure =
        catchThrowableOfType(ProviderException.class, () -> download("file-unknown"));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThatCode(() -> done(provider().delete("file-unknown"))).doesNotThrowAnyException();
  }

  @Test
  default void lines_of_another_length_than_announced_are_refused() {
    // When
    ProviderException failure =
        catchThrowableOfType(
            ProviderException.class, () -> answer(provider().upload(aSubmission(2), lines(1))));
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
  }

  @Test
  default void a_file_is_ready_once_it_has_been_read() {
    // Given
    Submission submission = aSubmission(1);
    // When
    String fileId = answer(provider().upload(submission, lines(1))).id();
    // Then
    assertThatCode(() -> ready(fileId)).doesNotThrowAnyException();
  }

  /// The file, when a batch can be made of it.
  private String ready(String fileId) {
    FileStatus _ =
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(
                () -> answer(provider().fileStatus(fileId)),
                status -> status instanceof FileStatus.Ready);
    return fileId;
  }

  private BatchStatus over(String batchId) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> answer(provider().status(batchId)),
            status -> !(status instanceof BatchStatus.InProgress));
  }

  private static <T> List<T> listed(
      Multi<List<T>> pages, Function<T, String> tag, Submission submission) {
    return answer(
        pages
            .onItem()
            .disjoint()
            .collect()
            .asList()
            .map(all -> (List<T>) all)
            .map(all ->
                all.stream().filter(item -> tag.apply(item).equals(submission.tag())).toList()));
  }

  private List<String> download(String fileId) {
    String text =
        answer(
            provider()
                .download(fileId)
                .collect()
                .in(Buffer::buffer, Buffer::appendBuffer)
                .map(bytes -> new String(bytes.getBytes(), StandardCharsets.UTF_8)));
    assertThat(text.isEmpty() || text.endsWith("\n")).as("whole lines").isTrue();
    return text.lines().toList();
  }

  private static boolean isRejected(Throwable failure) {
    return failure instanceof ProviderException known && known.kind() == Kind.REJECTED;
  }

  private static Submission aSubmission(int requests) {
    return aSubmission(requests, text(requests).length());
  }

  private static Submission aSubmission(int requests, long bytes) {
    return new Submission(
        "contract/" + UUID.randomUUID() + "/1",
        "/v1/chat/completions",
        "gpt-4o-mini",
        requests,
        bytes,
        Map.of("task", "contract"));
  }

  private static Multi<Buffer> lines(int requests) {
    return Multi.createFrom().items(text(requests).lines().map(line -> Buffer.buffer(line + "\n")));
  }

  private static String text(int requests) {
    return IntStream.range(0, requests)
        .mapToObj(i ->
            """
            {"custom_id":"%s","method":"POST","url":"/v1/chat/completions",\
            "body":{"model":"gpt-4o-mini","messages":[{"role":"user","content":"%d"}]}}
            """
                .formatted(customId(i), i))
        .collect(Collectors.joining());
  }

  private static String customId(int i) {
    return "0-" + i + "-c0ffee";
  }

  private static <T> T answer(Uni<T> uni) {
    return uni.await().atMost(PATIENCE);
  }

  private static void done(Uni<Void> uni) {
    boolean _ = uni.replaceWith(true).await().atMost(PATIENCE);
  }
}
