package dev.arcticsynth.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.http.WireEntry;
import dev.arcticsynth.provider.openai.azure.AzureAccounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpiryNoticeTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SILENT = "{\"id\":\"file-1\",\"expires_at\":null}";

  @Test
  void a_file_that_will_not_expire_is_logged_once() {
    // Given
    var notice = new ExpiryNotice(account());
    // Then
    assertThat(notice.of(entry("{\"id\":\"file-0\",\"expires_at\":1795400000}"))).isEmpty();
    assertThat(notice.of(entry(SILENT)))
        .hasValueSatisfying(sentence ->
            assertThat(sentence)
                .contains("fileId=file-1", "arctic.providers.acme.expiry-form=dots")
                .doesNotContain(OpenAiSamples.KEY));
    assertThat(notice.of(entry(SILENT))).isEmpty();
  }

  private static WireEntry entry(String json) {
    try {
      return new WireEntry(JSON.readTree(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Account account() {
    ProviderConfig config =
        ProviderConfig.of(
            "azure-openai",
            Map.of("endpoint", "https://acme.openai.azure.com", "api-key", OpenAiSamples.KEY));
    var accounts =
        new AzureAccounts(
            "acme",
            config.settings(),
            config.more(),
            new PollPace(Duration.ofSeconds(15), Duration.ofMinutes(5)));
    return accounts.azure(accounts.key());
  }
}
