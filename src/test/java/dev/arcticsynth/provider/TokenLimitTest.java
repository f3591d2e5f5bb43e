package dev.arcticsynth.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLimitTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Enqueued token limit reached for gpt-4o in organization org-123. Limit: 90,000 enqueued tokens. Please try again | 90000
          Enqueued token limit reached for gpt-4o-mini in org-9x12345. Limit: 2000000 enqueued tokens.                     | 2000000
          The limit is 5,000,000,000 for deployment my-gpt-35, try later                                                   | 5000000000
          Limit 90K tokens, you have 123 batches                                                                           | 90000
          quota of 1.5M enqueued tokens exceeded                                                                           | 1500000
          deployment d1 may have 300 000 tokens enqueued                                                                   | 300000
          """)
  void the_limit_is_read_from_what_providers_write(String message, long limit) {
    assertThat(TokenLimit.in(message)).hasValue(limit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Enqueued token limit reached for gpt-4o in org-12345678.",
        "try again in 60 seconds",
        "HTTP 400 token_limit_exceeded: full (request id 12345678)",
        "Limit: 0 tokens",
        "Limit: 99999999999999999999999999 tokens"
      })
  void a_message_without_a_limit_names_none(String message) {
    assertThat(TokenLimit.in(message)).isEmpty();
  }
}
