package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.http.HttpCredentials;
import dev.arcticsynth.provider.http.HttpTransfer;
import dev.arcticsynth.provider.http.SettingsFingerprint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One account at a provider, checked and complete.
///
/// @param url where the API is, without a slash at the end
/// @param pools what answers requests for a model, where it is not the model itself
/// @param batchDeadline after which we stop a batch that is not over
public record Account(
    String name,
    String type,
    URI url,
    HttpCredentials credentials,
    Dialect dialect,
    BatchLimits limits,
    PollPace pollPace,
    Map<String, List<String>> pools,
    Optional<Duration> batchDeadline,
    Transfers transfers) {

  public Account {
    pools = Map.copyOf(pools);
  }

  public URI at(String path) {
    return URI.create(url + path + dialect.query());
  }

  /// Of what a person corrects when calls are refused: address, credentials, sizes. A simulator has
  /// another port at each start.
  String fingerprint() {
    return SettingsFingerprint.of(
        List.of(
            type.equals("simulator") ? "" : url.toString(),
            dialect.query(),
            credentials.fingerprint(),
            Long.toString(limits.maxFileBytes())));
  }

  @Override
  public String toString() {
    return "%s (%s at %s)".formatted(name, type, url);
  }

  /// Settings of transfers.
  ///
  /// @param expiry how long the provider keeps uploads
  /// @param idle how long a transfer may stall
  /// @param longest how long it may take in all
  public record Transfers(Duration expiry, Duration connect, Duration idle, Duration longest) {
    HttpTransfer.Limits limits() {
      return new HttpTransfer.Limits(connect, idle, longest);
    }
  }
}
