package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.PollPace;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// One account at a provider, checked and complete.
///
/// @param url where the API is, without a slash at the end
/// @param headers of every call; hold the secret
/// @param fileExpiry how long the provider keeps what we upload
/// @param idleTimeout how long a transfer may stand still
/// @param transferTimeout how long it may take in all
record Account(
    String name,
    String type,
    URI url,
    Map<String, String> headers,
    BatchLimits limits,
    PollPace pollPace,
    Duration fileExpiry,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration transferTimeout) {

  Account {
    headers = Map.copyOf(headers);
  }

  URI at(String path) {
    return URI.create(url + path);
  }

  @Override
  public String toString() {
    return "%s (%s at %s)".formatted(name, type, url);
  }
}
