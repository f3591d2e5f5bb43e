package dev.arcticsynth.provider.http;

import io.smallrye.mutiny.Uni;
import java.util.Map;

/// Proves to a provider who we are.
public interface HttpCredentials {

  /// What goes with every call. Holds a secret.
  Map<String, String> headers();

  /// Comes before every call: afterwards [#headers] are the best there are. Fails with a
  /// [dev.arcticsynth.provider.ProviderException] when there are none, and then nothing was sent.
  default Uni<Void> prepare() {
    return Uni.createFrom().voidItem();
  }

  /// A call was refused with 401. True when others can be had that may be accepted, and the next
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
