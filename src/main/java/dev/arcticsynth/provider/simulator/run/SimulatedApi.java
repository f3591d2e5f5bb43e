package dev.arcticsynth.provider.simulator.run;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// The API that a simulator imitates: one batch API in two dialects.
public enum SimulatedApi {
  OPENAI,
  AZURE;

  private static final Set<Endpoint> AT_AZURE = EnumSet.of(Endpoint.CHAT, Endpoint.RESPONSES);

  /// The endpoint that a create or a row names, where a batch can have it.
  public Optional<Endpoint> endpoint(String path) {
    return switch (this) {
      case OPENAI -> Endpoint.of(path);
      case AZURE ->
          Endpoint.of(path.startsWith("/v1/") ? path : "/v1" + path).filter(AT_AZURE::contains);
    };
  }
}
