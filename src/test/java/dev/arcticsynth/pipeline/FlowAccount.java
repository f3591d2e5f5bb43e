package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.batch.SubmissionFactory;
import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.ListedFile;
import dev.arcticsynth.provider.Provider.RemoteBatch;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.task.BatchTag;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// What tests of the account behind a provider share: things that appear there behind our back, and
/// audits on demand.
@SuppressWarnings("NullAway.Init") // the container fills the fields
abstract class FlowAccount extends Flow {

  private static final String LINE =
      """
      {"custom_id":"x-0","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-test",\
      "messages":[{"role":"user","content":"?"}]}}
      """;

  @Inject Providers providers;
  @Inject SubmissionFactory submissionFactory;
  @Inject IsolatedContexts isolatedContexts;

  /// Has the account audited in this tick.
  void audit() {
    auditIsDue();
    tick();
  }

  void auditIsDue() {
    var _ =
        sql("UPDATE provider_account SET due_at = $1", clock.instant().atOffset(ZoneOffset.UTC));
  }

  /// The tag of an attempt of the test's only partition.
  BatchTag tag(int attempt) {
    var id =
        sql("SELECT p.id FROM partition p JOIN task t ON t.id = task_id WHERE t.name = $1", task);
    assertThat(id).hasSize(1);
    return new BatchTag(deployment(), id.getFirst().getUUID(0), attempt);
  }

  BatchTag unknownTag() {
    return new BatchTag(deployment(), UUID.randomUUID(), 1);
  }

  String deployment() {
    return await(submissionFactory::deployment);
  }

  /// A file with this tag that we have not uploaded, as far as our rows say.
  String fileOf(Object tag) {
    return await(
            () -> provider().upload(submission(tag), Multi.createFrom().item(Buffer.buffer(LINE))))
        .id();
  }

  /// A batch with this tag that we have not made, as far as our rows say.
  String batchOf(Object tag) {
    String file = fileOf(tag);
    return await(() -> provider().create(submission(tag), file).map(RemoteBatch::id));
  }

  static Submission submission(Object tag) {
    return new Submission(
        tag.toString(), "/v1/chat/completions", "gpt-test", 1, LINE.length(), Map.of());
  }

  String statusOf(String batch) {
    return await(() -> provider().status(batch).map(BatchStatus::word));
  }

  boolean isThere(String file) {
    return await(() -> provider().files().onItem().<ListedFile>disjoint().collect().asList())
        .stream()
        .anyMatch(listed -> listed.id().equals(file));
  }

  /// The kinds of what audits have found of this batch or file, each as often as it was found.
  List<String> found(String remoteId) {
    return sql("SELECT kind FROM audit_event WHERE remote_id = $1", remoteId).stream()
        .map(row -> row.getString(0))
        .toList();
  }

  Provider provider() {
    return providers.find("simulator").orElseThrow();
  }

  <T> T await(Supplier<Uni<T>> work) {
    return isolatedContexts.run(work).await().atMost(Duration.ofSeconds(20));
  }
}
