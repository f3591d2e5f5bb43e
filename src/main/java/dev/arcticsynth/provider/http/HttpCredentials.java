package dev.arcticsynth.provider.http;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

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

  /// Another word when a person has changed them; no secret can be read from it.
  default String fingerprint() {
    return "";
  }

  /// The same headers for ever.
  static HttpCredentials fixed(Map<String, String> headers) {
    Map<String, String> copy = Map.copyOf(headers);
    String fingerprint =
        SettingsFingerprint.of(
            new TreeMap<>(copy)
                .entrySet().stream()
                    .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                    .toList());
    return new HttpCredentials() {
      @Override
      public Map<String, String> headers() {
        return copy;
      }

      @Override
      public String fingerprint() {
        return fingerprint;
      }
    };
  }
}
