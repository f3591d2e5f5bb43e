package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.BatchStatus.Failed;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The differences of an account's wire from OpenAI's.
///
/// @param apiVersion a parameter of every call, `2024-10-21`
/// @param purpose of files that batches are made of
/// @param readsFiles a batch can be made of a file when its status says so, not before
/// @param sendsBareLists a list is an array with nothing around it
/// @param urls of batches and lines, by the endpoint as OpenAI has it
/// @param advice what to do about a refusal, by its code
/// @param parameters of every call, besides the version; may hold secrets
public record Dialect(
    Optional<String> apiVersion,
    String purpose,
    ExpiryForm expiry,
    boolean readsFiles,
    boolean sendsBareLists,
    Map<String, String> urls,
    Map<String, String> advice,
    Map<String, String> parameters) {

  public static final String PURPOSE = "batch";

  static final Dialect OPENAI =
      new Dialect(Optional.empty(), PURPOSE, ExpiryForm.BRACKETS, false, false, Map.of(), Map.of());

  public Dialect {
    urls = Map.copyOf(urls);
    advice = Map.copyOf(advice);
    parameters = Map.copyOf(parameters);
  }

  public Dialect(
      Optional<String> apiVersion,
      String purpose,
      ExpiryForm expiry,
      boolean readsFiles,
      boolean sendsBareLists,
      Map<String, String> urls,
      Map<String, String> advice) {
    this(apiVersion, purpose, expiry, readsFiles, sendsBareLists, urls, advice, Map.of());
  }

  public Dialect with(Map<String, String> more) {
    return new Dialect(apiVersion, purpose, expiry, readsFiles, sendsBareLists, urls, advice, more);
  }

  public String url(String endpoint) {
    return urls.getOrDefault(endpoint, endpoint);
  }

  /// For people.
  String version() {
    return apiVersion.map(version -> "?api-version=" + version).orElse("");
  }

  /// The parameters of every call, as they are sent.
  String query() {
    String query =
        everyCall().entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  Map<String, String> everyCall() {
    var all = new TreeMap<>(parameters);
    apiVersion.ifPresent(version -> all.put("api-version", version));
    return all;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// Without values that may be secret.
  @Override
  public String toString() {
    return "Dialect[%s %s]".formatted(apiVersion.orElse(""), parameters.keySet());
  }

  /// Adds advice to a provider's refusal.
  BatchStatus withAdvice(BatchStatus status) {
    return status instanceof Failed(String word, var refusals)
        ? new Failed(word, refusals.stream().map(this::withAdvice).toList())
        : status;
  }

  private Refusal withAdvice(Refusal refusal) {
    String known = advice.get(refusal.code());
    return known == null
        ? refusal
        : new Refusal(
            refusal.code(), refusal.message() + " " + known, refusal.line(), refusal.blame());
  }

  /// How an upload's form states the expiry.
  public enum ExpiryForm {
    /// `expires_after[seconds]`, as OpenAI and its clients write it.
    BRACKETS,
    /// `expires_after.seconds`, as Azure's documentation has it.
    DOTS,
    /// Not at all: the provider does not document the member.
    NONE;

    String name(String member) {
      return this == DOTS ? "expires_after." + member : "expires_after[" + member + "]";
    }
  }
}
