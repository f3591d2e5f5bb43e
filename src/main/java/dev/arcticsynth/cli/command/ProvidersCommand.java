package dev.arcticsynth.cli.command;

import dev.arcticsynth.api.model.ProviderView;
import dev.arcticsynth.api.model.ProviderView.Health;
import dev.arcticsynth.api.model.ProviderView.Quota;
import dev.arcticsynth.cli.client.JsonCodec;
import dev.arcticsynth.cli.options.CliContext;
import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Formats;
import dev.arcticsynth.cli.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "providers", description = "List providers, their state and their limits.")
public final class ProvidersCommand implements Callable<Integer> {
  private final CliContext context;

  public ProvidersCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    List<ProviderView> providers = context.client().providers();
    if (context.isJson()) {
      context.terminal().print(JsonCodec.line(providers));
    } else {
      table(providers).lines().forEach(context.terminal()::print);
      notes(providers).forEach(context.terminal()::print);
    }
    return ExitCode.SUCCEEDED.number;
  }

  private static Table table(List<ProviderView> providers) {
    var table =
        new Table("NAME", "TYPE", "STATE", "REQUESTS A BATCH", "FILE SIZE", "IN FLIGHT", "URL");
    for (ProviderView provider : providers) {
      table.row(
          provider.name(),
          provider.type(),
          provider.health() == null ? "-" : provider.health().state(),
          Formats.number(provider.limits().maxRequests()),
          Formats.bytes(provider.limits().maxFileBytes()),
          Formats.number(provider.inFlight()),
          provider.url());
    }
    return table;
  }

  /// Why an account is parked, and the use of its limits.
  private static List<String> notes(List<ProviderView> providers) {
    var notes = new ArrayList<String>();
    for (ProviderView provider : providers) {
      if (provider.health() != null && provider.health().waitsFor() != null) {
        notes.add(provider.name() + ": " + parked(provider.health()));
      }
      if (provider.quota() != null) {
        provider.quota().forEach(quota -> notes.add(provider.name() + ": " + taken(quota)));
      }
    }
    return notes.stream().map(Formats::harmless).toList();
  }

  private static String parked(Health health) {
    String until =
        health.until() == null ? "" : " Tried again at " + Formats.time(health.until()) + ".";
    return "waits for %s: %s%s"
        .formatted(health.waitsFor(), Formats.sentence(Formats.of(health.because())), until);
  }

  private static String taken(Quota quota) {
    String waiting =
        quota.waiting() == 0
            ? ""
            : ", and " + Formats.count(quota.waiting(), "partition") + " waiting for capacity";
    return "%s has %s of %s tokens enqueued%s."
        .formatted(
            quota.model(),
            Formats.number(quota.inFlight()),
            Formats.number(quota.limit()),
            waiting);
  }
}
