package dev.arcticsynth.provider.simulator;

import dev.arcticsynth.home.Home;
import dev.arcticsynth.home.PrivateFiles;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.ProviderFactory;
import dev.arcticsynth.provider.ProviderSettings;
import dev.arcticsynth.provider.ProvidersConfig;
import dev.arcticsynth.provider.openai.Accounts;
import dev.arcticsynth.provider.openai.OpenAiClients;
import dev.arcticsynth.provider.openai.OpenAiConfig;
import dev.arcticsynth.provider.openai.azure.AzureAccounts;
import dev.arcticsynth.provider.simulator.server.Simulator;
import dev.arcticsynth.provider.simulator.server.SimulatorSettings;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Creates the providers of type `simulator`: this adapter, and a simulated server. A provider with
/// a url uses the server there; the others share one in this process, which starts with them.
@Singleton
class SimulatorFactory implements ProviderFactory {

  static final String TYPE = "simulator";

  private static final Logger LOG = Logger.getLogger(SimulatorFactory.class);

  private static final PollPace PACE = new PollPace(Duration.ofMillis(500), Duration.ofSeconds(1));

  private final ProvidersConfig config;
  private final OpenAiConfig.All more;
  private final SimulatorConfig simulated;
  private final Home home;
  private final OpenAiClients clients;
  private final Vertx vertx;
  private final InstantSource clock;
  @Nullable Simulator simulator;

  SimulatorFactory(
      ProvidersConfig config,
      OpenAiConfig.All more,
      SimulatorConfig simulated,
      Home home,
      OpenAiClients clients,
      Vertx vertx,
      InstantSource clock) {
    this.config = config;
    this.more = more;
    this.simulated = simulated;
    this.home = home;
    this.clients = clients;
    this.vertx = vertx;
    this.clock = clock;
  }

  @Override
  public List<Provider> configured() {
    return config.byName().entrySet().stream()
        .filter(entry -> entry.getValue().type().equals(TYPE))
        .map(entry -> connect(entry.getKey(), entry.getValue()))
        .toList();
  }

  @PreDestroy
  void stop() {
    if (simulator != null) {
      simulator.close();
    }
  }

  private Provider connect(String name, ProviderSettings settings) {
    OpenAiConfig.Settings own = OpenAiConfig.of(more, name);
    return clients.connect(
        switch (simulated.dialect()) {
          case OPENAI ->
              new Accounts(name, settings, own, PACE)
                  .simulator(settings.url().orElseGet(() -> started().url()));
          case AZURE ->
              new AzureAccounts(name, settings, own, PACE)
                  .simulator(settings.url().orElseGet(() -> started().endpoint()));
        });
  }

  private Path folder() {
    try {
      return PrivateFiles.folder(home.folder().resolve("simulator"));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The simulator has no folder; set ARCTIC_HOME to one that this user can write", e);
    }
  }

  private Simulator started() {
    Simulator started = simulator;
    if (started == null) {
      Path dir = folder();
      started =
          Simulator.start(
              vertx,
              SimulatorSettings.in(dir)
                  .withPort(simulated.port())
                  .withValidating(simulated.validating())
                  .withRunning(simulated.running())
                  .withFinalizing(simulated.finalizing())
                  .withCancelling(simulated.cancelling())
                  .withDialect(simulated.dialect())
                  .withProcessing(simulated.processing()),
              clock);
      simulator = started;
      LOG.infof("Answers are simulated, no real model is used: url=%s dir=%s", started.url(), dir);
    }
    return started;
  }
}
