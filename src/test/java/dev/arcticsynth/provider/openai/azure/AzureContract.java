package dev.arcticsynth.provider.openai.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.provider.FileStatus;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.Provider.RemoteFile;
import dev.arcticsynth.provider.ProviderContract;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.provider.TokenLimit;
import dev.arcticsynth.provider.openai.OpenAiClients;
import dev.arcticsynth.provider.openai.OpenAiSamples;
import dev.arcticsynth.provider.openai.ProviderConfig;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.run.SimulatedApi;
import dev.arcticsynth.provider.simulator.server.Simulator;
import dev.arcticsynth.provider.simulator.server.SimulatorSettings;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same contract behind Azure's door, and what is Azure's alone; on either surface.
abstract class AzureContract implements ProviderContract {

  private static final String LINE = "{\"no\":\"request\"}\n";

  @Inject OpenAiClients clients;
  @Inject Vertx vertx;
  private Simulator simulator;
  private Provider provider;

  /// Settings besides address and key.
  abstract Map<String, String> settings();

  @BeforeEach
  void start(@TempDir Path dir) {
    simulator =
        Simulator.start(
            vertx,
            SimulatorSettings.instant(dir)
                .withDialect(SimulatedApi.AZURE)
                .withProcessing(Duration.ofMillis(200)),
            InstantSource.system());
    provider = connect(settings());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  @Override
  public Provider provider() {
    return provider;
  }

  @Test
  void it_does_not_show_its_key() {
    assertThat(provider.url() + provider.name() + provider.type() + provider)
        .doesNotContain(OpenAiSamples.KEY);
  }

  @Test
  void an_upload_says_that_its_file_is_still_being_read() {
    // When
    RemoteFile file = upload();
    // Then
    assertThat(file.status()).isEqualTo(new FileStatus.Pending("pending"));
  }

  @Test
  void a_file_that_cannot_be_read_is_unusable() {
    // Given
    simulator.faults().next(new Fault.Unprocessed(Duration.ZERO, true));
    // When
    RemoteFile file = upload();
    // Then
    assertThat(file.status()).isEqualTo(new FileStatus.Unusable("error"));
    assertThat(provider.fileStatus(file.id()).await().atMost(PATIENCE))
        .isEqualTo(new FileStatus.Unusable("error"));
  }

  @Test
  void a_batch_of_a_file_that_is_not_read_yet_is_not_created_and_may_be_later() {
    // Given
    simulator.faults().next(new Fault.Unprocessed(Duration.ofHours(1), false));
    RemoteFile file = upload();
    // When
    ProviderException failure = failureOfCreate(file);
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    assertThat(simulator.ledger().started()).isEmpty();
  }

  @Test
  void a_full_queue_reported_by_a_create_is_no_fault_of_the_batch() {
    // Given
    RemoteFile file = upload();
    simulator
        .faults()
        .next(
            new Fault.RefusedAs(
                400, "BadRequest", "token_limit_exceeded: 30000 tokens for my-gpt-batch"),
            Operation.CREATE);
    // When
    ProviderException failure = failureOfCreate(file);
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(failure.code()).contains(TokenLimit.EXCEEDED);
  }

  @Test
  void too_many_files_are_waited_for() {
    // Given
    simulator
        .faults()
        .next(
            new Fault.RefusedAs(400, "quotaExceeded", "The maximum of 500 files is reached."),
            Operation.UPLOAD);
    // When
    ProviderException failure = catchThrowableOfType(ProviderException.class, this::upload);
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
  }

  @Test
  void a_version_that_azure_does_not_have_is_named() {
    // Given
    provider = connect(Map.of("api-version", "2020-01-01"));
    // When
    ProviderException failure = catchThrowableOfType(ProviderException.class, this::upload);
    // Then
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure)
        .hasMessageContaining("?api-version=2020-01-01")
        .hasMessageContaining("arctic.providers.acme")
        .hasMessageNotContaining(OpenAiSamples.KEY);
  }

  private ProviderException failureOfCreate(RemoteFile file) {
    return catchThrowableOfType(
        ProviderException.class,
        () -> provider.create(aSubmission(), file.id()).await().atMost(PATIENCE));
  }

  private RemoteFile upload() {
    return provider
        .upload(aSubmission(), Multi.createFrom().item(Buffer.buffer(LINE)))
        .await()
        .atMost(PATIENCE);
  }

  private static Submission aSubmission() {
    return OpenAiSamples.aSubmission(LINE.length());
  }

  private Provider connect(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put("endpoint", simulator.endpoint().toString());
    all.put("api-key", OpenAiSamples.KEY);
    ProviderConfig config = ProviderConfig.of("azure-openai", all);
    var accounts =
        new AzureAccounts(
            "acme",
            config.settings(),
            config.more(),
            new PollPace(Duration.ofSeconds(15), Duration.ofMinutes(5)));
    return clients.connect(accounts.azure(accounts.key()));
  }
}
