package dev.arcticsynth.api.provider;

import dev.arcticsynth.api.model.Page;
import dev.arcticsynth.api.model.ProviderView;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.PartitionRepository;
import dev.arcticsynth.task.quota.ProviderAccounts;
import dev.arcticsynth.task.quota.ProviderAccounts.AccountState;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;

/// The configured providers.
@Path("/v1/providers")
@Produces(MediaType.APPLICATION_JSON)
public class ProviderResource {

  private final Providers providers;
  private final PartitionRepository partitions;
  private final ProviderAccounts accounts;

  ProviderResource(Providers providers, PartitionRepository partitions, ProviderAccounts accounts) {
    this.providers = providers;
    this.partitions = partitions;
    this.accounts = accounts;
  }

  @GET
  @Operation(summary = "The configured providers")
  public Uni<Page<ProviderView>> list() {
    return Multi.createFrom()
        .iterable(providers.all())
        .onItem()
        .transformToUniAndConcatenate(this::view)
        .collect()
        .asList()
        .map(all -> new Page<>(all, false, null));
  }

  @GET
  @Path("{provider}")
  @Operation(summary = "One provider")
  public Uni<ProviderView> get(@RestPath String provider) {
    return providers
        .find(provider)
        .map(this::view)
        .orElseGet(() -> Uni.createFrom().failure(new NotFoundException()));
  }

  private Uni<ProviderView> view(Provider provider) {
    var limits = provider.limits();
    return accounts
        .of(provider.name())
        .chain(account ->
            partitions
                .inFlight(provider.name())
                .map(inFlight ->
                    new ProviderView(
                        provider.name(),
                        provider.type(),
                        provider.url(),
                        new ProviderView.Limits(
                            limits.maxRequests(),
                            limits.maxFileBytes(),
                            limits.maxEmbeddingInputs()),
                        limits.endpoints().stream().sorted().toList(),
                        inFlight.intValue(),
                        health(account),
                        account.quotas().stream().map(ProviderResource::quota).toList())));
  }

  private static ProviderView.Health health(AccountState account) {
    return account
        .parked()
        .map(parked ->
            new ProviderView.Health(
                "parked",
                parked.waits().name().toLowerCase(Locale.ROOT),
                parked.because(),
                parked.until()))
        .orElseGet(() -> new ProviderView.Health("ok", null, null, null));
  }

  private static ProviderView.Quota quota(AccountState.Quota quota) {
    return new ProviderView.Quota(
        quota.model(),
        quota.limit(),
        quota.inFlight(),
        quota.partitions(),
        quota.waiting(),
        quota.learnedAt().orElse(null),
        quota.lastRefusedAt().orElse(null));
  }
}
