package dev.arcticsynth.provider.http;

import io.smallrye.mutiny.Uni;
import java.util.Map;

/// Credentials for calls to a provider.
public interface HttpCredentials {

  /// The headers of every call. They hold a secret.
  Map<String, String> headers();

  /// Called before every call: afterwards [#headers] are current. Fails with a
  /// [dev.arcticsynth.provider.ProviderException] when there are none, and then nothing was sent.
  default Uni<Void> prepare() {
    return Uni.createFrom().voidItem();
  }

  /// A call was refused with 401. True when new credentials may be accepted, and the next
  /// [#prepare] gets them.
  ///
  /// @param refused the headers that it was sent with
  default boolean mayRenew(Map<String, String> refused) {
    return false;
  }

  /// The same headers for ever.
  static HttpCredentials fixed(Map<String, String> headers) {
    Map<String, String> copy = Map.copyOf(headers);
    return () -> copy;
  }
}
