package dev.arcticsynth.provider.openai.azure;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.http.HttpCredentials;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Access tokens of Microsoft Entra ID, renewed before they expire, and once when one is refused
/// before its time.
///
/// Concurrent calls that find the token old each get one, since a shared wait would continue in the
/// context of the first.
final class EntraCredentials implements HttpCredentials {

  /// Renewed so long before they expire, or a fifth of their life where that is less.
  private static final Duration EARLY = Duration.ofMinutes(5);

  /// A token that is refused at this age is not refused for its age.
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Supplier<Uni<Granted>> endpoint;
  private final InstantSource clock;
  private final String fingerprint;
  private volatile @Nullable Token token;

  /// @param endpoint grants a new token
  /// @param fingerprint of the settings by which it does
  EntraCredentials(Supplier<Uni<Granted>> endpoint, InstantSource clock, String fingerprint) {
    this.endpoint = endpoint;
    this.clock = clock;
    this.fingerprint = fingerprint;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  /// @param token a secret
  record Granted(String token, Duration life) {
    @Override
    public String toString() {
      return "a token for " + life;
    }
  }

  private record Token(String value, Instant gotAt, Instant renewAt) {
    static Token of(Granted granted, Instant now) {
      Duration fifth = granted.life().dividedBy(5);
      Duration early = fifth.compareTo(EARLY) < 0 ? fifth : EARLY;
      return new Token(granted.token(), now, now.plus(granted.life()).minus(early));
    }

    @Override
    public String toString() {
      return "a token of " + gotAt;
    }
  }

  @Override
  public Map<String, String> headers() {
    Token held = token;
    if (held == null) {
      throw new ProviderException(Kind.TRANSIENT, "There is no access token of Entra ID.");
    }
    return Map.of("User-Agent", "ArcticSynth", "Authorization", "Bearer " + held.value());
  }

  @Override
  public Uni<Void> prepare() {
    Token held = token;
    return held != null && clock.instant().isBefore(held.renewAt())
        ? Uni.createFrom().voidItem()
        : Uni.createFrom()
            .deferred(() -> endpoint.get())
            .invoke(granted -> token = Token.of(granted, clock.instant()))
            .replaceWithVoid();
  }

  @Override
  public boolean mayRenew(Map<String, String> refused) {
    Token held = token;
    if (held == null || !headers().equals(refused)) {
      return true;
    }
    if (clock.instant().isBefore(held.gotAt().plus(FRESH))) {
      return false;
    }
    token = new Token(held.value(), held.gotAt(), Instant.MIN);
    return true;
  }
}
