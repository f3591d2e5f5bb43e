package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.openai.Dialect.ExpiryForm;
import java.net.URI;
import java.util.Set;

/// A vendor's batch API, and its differences from OpenAI's. Where a vendor documents contradictory
/// limits, the smaller one is used.
public enum Vendor {
  OPENAI("https://api.openai.com/v1", Dialect.PURPOSE, ExpiryForm.BRACKETS, 200_000_000),
  GROQ("https://api.groq.com/openai/v1", Dialect.PURPOSE, ExpiryForm.NONE, 100_000_000),
  /// Upper-case statuses, a batch wrapped in its create's answer, bare lists.
  TOGETHER("https://api.together.xyz/v1", "batch-api", ExpiryForm.NONE, 100_000_000),
  /// Checks the lines at the upload.
  DOUBLEWORD("https://api.doubleword.ai/v1", Dialect.PURPOSE, ExpiryForm.NONE, 100_000_000);

  private static final Set<String> ALL =
      Set.of(
          "/v1/chat/completions",
          "/v1/completions",
          "/v1/embeddings",
          "/v1/moderations",
          "/v1/responses");

  private final URI url;
  private final String purpose;
  private final ExpiryForm expiry;
  private final long maxFileBytes;

  Vendor(String url, String purpose, ExpiryForm expiry, long maxFileBytes) {
    this.url = URI.create(url);
    this.purpose = purpose;
    this.expiry = expiry;
    this.maxFileBytes = maxFileBytes;
  }

  /// Where the API is, unless it is set.
  URI url() {
    return url;
  }

  String purpose() {
    return purpose;
  }

  ExpiryForm expiry() {
    return expiry;
  }

  /// OpenAI documents 200 MB without the unit's base; these are the smaller.
  long maxFileBytes() {
    return maxFileBytes;
  }

  int maxRequests() {
    return 50_000;
  }

  /// Those whose requests we can check; OpenAI's batches take images and videos too.
  Set<String> endpoints() {
    return this == GROQ ? Set.of("/v1/chat/completions") : ALL;
  }
}
