package dev.arcticsynth.cli;

import dev.arcticsynth.api.ProviderView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "providers", description = "List who can answer, with their limits.")
final class ProvidersCommand implements Callable<Integer> {
  private final CommonOptions common;

  ProvidersCommand(CommonOptions common) {
    this.common = common;
  }

  @Override
  public Integer call() {
    List<ProviderView> providers = common.client().providers();
    if (common.isJson()) {
      common.terminal().print(Json.line(providers));
    } else {
      table(providers).lines().forEach(common.terminal()::print);
    }
    return ExitCode.SUCCEEDED.number;
  }

  private static Table table(List<ProviderView> providers) {
    var table = new Table("NAME", "TYPE", "REQUESTS A BATCH", "FILE SIZE", "IN FLIGHT", "URL");
    for (ProviderView provider : providers) {
      table.row(
          provider.name(),
          provider.type(),
          Text.number(provider.limits().maxRequests()),
          Text.bytes(provider.limits().maxFileBytes()),
          Text.number(provider.inFlight()),
          provider.url());
    }
    return table;
  }
}
