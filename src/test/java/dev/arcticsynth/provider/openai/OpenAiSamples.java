package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchLimits;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.Submission;
import dev.arcticsynth.provider.http.HttpCredentials;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Values that most tests of the adapter need.
public final class OpenAiSamples {

  public static final String KEY = "sk-proj-verysecret123";
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private OpenAiSamples() {}

  static Account anAccount(URI url) {
    return anAccount(url, Duration.ofSeconds(10));
  }

  static Account anAccount(URI url, Duration idleTimeout) {
    return new Account(
        "acme",
        "openai",
        url,
        HttpCredentials.fixed(Map.of("Authorization", "Bearer " + KEY, "OpenAI-Project", "proj_1")),
        Dialect.OPENAI,
        new BatchLimits(50_000, 200_000_000, 50_000, Set.of("/v1/chat/completions")),
        new PollPace(Duration.ofSeconds(15), Duration.ofMinutes(5)),
        Map.of(),
        Optional.empty(),
        new Account.Transfers(
            Duration.ofDays(30), Duration.ofSeconds(5), idleTimeout, Duration.ofHours(1)));
  }

  public static Submission aSubmission(long bytes) {
    return new Submission(
        "dep/part-7/1", "/v1/chat/completions", "gpt-x", 1, bytes, Map.of("job", "j-42"));
  }
}
