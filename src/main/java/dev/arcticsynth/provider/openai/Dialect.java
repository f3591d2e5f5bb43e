package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.BatchStatus.Failed;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import java.util.Map;
import java.util.Optional;

/// The differences of an account's wire from OpenAI's.
///
/// @param apiVersion a parameter of every call, `2024-10-21`
/// @param purpose of files that batches are made of
/// @param readsFiles a batch can be made of a file when its status says so, not before
/// @param sendsBareLists a list is an array with nothing around it
/// @param urls of batches and lines, by the endpoint as OpenAI has it
/// @param advice what to do about a refusal, by its code
public record Dialect(
    Optional<String> apiVersion,
    String purpose,
    ExpiryForm expiry,
    boolean readsFiles,
    boolean sendsBareLists,
    Map<String, String> urls,
    Map<String, String> advice) {

  public static final String PURPOSE = "batch";

  static final Dialect OPENAI =
      new Dialect(Optional.empty(), PURPOSE, ExpiryForm.BRACKETS, false, false, Map.of(), Map.of());

  public Dialect {
    urls = Map.copyOf(urls);
    advice = Map.copyOf(advice);
  }

  public String url(String endpoint) {
    return urls.getOrDefault(endpoint, endpoint);
  }

  String query() {
    return apiVersion.map(version -> "?api-version=" + version).orElse("");
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
