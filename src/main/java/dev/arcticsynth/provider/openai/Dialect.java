package dev.arcticsynth.provider.openai;

import java.util.Map;
import java.util.Optional;

/// In what the wire of an account differs from OpenAI's.
///
/// @param apiVersion a parameter of every call, `2024-10-21`
/// @param purpose of files that batches are made of
/// @param readsFiles a batch can be made of a file when its status says so, not before
/// @param sendsBareLists a list is an array with nothing around it
/// @param urls of batches and lines, by the endpoint as OpenAI has it
/// @param advice what to do about a refusal, by its code
record Dialect(
    Optional<String> apiVersion,
    String purpose,
    ExpiryForm expiry,
    boolean readsFiles,
    boolean sendsBareLists,
    Map<String, String> urls,
    Map<String, String> advice) {

  static final String PURPOSE = "batch";

  static final Dialect OPENAI =
      new Dialect(Optional.empty(), PURPOSE, ExpiryForm.BRACKETS, false, false, Map.of(), Map.of());

  Dialect {
    urls = Map.copyOf(urls);
    advice = Map.copyOf(advice);
  }

  String url(String endpoint) {
    return urls.getOrDefault(endpoint, endpoint);
  }

  String query() {
    return apiVersion.map(version -> "?api-version=" + version).orElse("");
  }
}
