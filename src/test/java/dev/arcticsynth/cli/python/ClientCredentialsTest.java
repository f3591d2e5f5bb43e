package dev.arcticsynth.cli.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.arcticsynth.cli.terminal.ExitCode;
import dev.arcticsynth.cli.terminal.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCredentialsTest {
  private static final String SECRET = "sk-s3cret";

  @TempDir Path folder;

  @Test
  void what_the_python_client_wrote_for_openai_makes_a_provider() throws IOException {
    // When
    ClientCredentials read =
        read(
            """
            api_key: sk-s3cret
            base_url: https://eu.api.openai.com/v1
            organization: org-1
            project: proj_1
            timeout: 30.0
            max_retries: 2
            http_client: null
            default_headers: {}
            """);
    // Then
    assertThat(read.properties("here"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "arctic.providers.here.type", "openai",
                "arctic.providers.here.api-key", SECRET,
                "arctic.providers.here.url", "https://eu.api.openai.com/v1",
                "arctic.providers.here.organization", "org-1",
                "arctic.providers.here.project", "proj_1"));
    assertThat(read.unused()).containsExactly("timeout", "max_retries");
    assertThat(read.account()).matches("openai-[0-9a-f]{8}");
  }

  @Test
  void an_azure_endpoint_picks_azure_and_a_date_stays_the_text_that_it_is() throws IOException {
    // When
    ClientCredentials read =
        read(
            """
            api_key: "0123456789"
            azure_endpoint: https://mine.openai.azure.com/
            api_version: 2024-10-21
            """);
    // Then
    assertThat(read.properties("azure"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "arctic.providers.azure.type", "azure-openai",
                "arctic.providers.azure.api-key", "0123456789",
                "arctic.providers.azure.endpoint", "https://mine.openai.azure.com/",
                "arctic.providers.azure.api-version", "2024-10-21"));
  }

  @Test
  void headers_and_queries_of_gateways_and_ready_tokens_are_passed_on() throws IOException {
    // When
    ClientCredentials read =
        read(
            """
            azure_ad_token: eyJ-s3cret
            azure_endpoint: https://mine.openai.azure.com
            default_headers: {X-Team: "blue team", X-Number: 7}
            default_query: {trace: "on"}
            """);
    // Then
    assertThat(read.properties("azure"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "arctic.providers.azure.type", "azure-openai",
                "arctic.providers.azure.token", "eyJ-s3cret",
                "arctic.providers.azure.endpoint", "https://mine.openai.azure.com",
                "arctic.providers.azure.headers.\"X-Team\"", "blue team",
                "arctic.providers.azure.headers.\"X-Number\"", "7",
                "arctic.providers.azure.query.\"trace\"", "on"));
    assertThat(read).asString().doesNotContain("s3cret");
  }

  @Test
  void a_token_of_the_file_is_not_overruled_by_a_key_of_the_environment() throws IOException {
    // Given
    CredentialsFile file = file("azure_ad_token: eyJ\nazure_endpoint: https://a.example\n");
    // When
    ClientCredentials read =
        ClientCredentials.of(
            file, name -> Optional.of("k").filter(_ -> name.equals("AZURE_OPENAI_API_KEY")));
    // Then
    assertThat(read.settings()).containsKey("token").doesNotContainKey("api-key");
  }

  @Test
  void another_header_may_be_another_account() throws IOException {
    // When
    ClientCredentials plain = read("api_key: one\n");
    ClientCredentials blue = read("api_key: one\ndefault_headers: {X-Team: blue}\n");
    ClientCredentials red = read("api_key: one\ndefault_headers: {X-Team: red}\n");
    // Then
    assertThat(java.util.Set.of(plain.account(), blue.account(), red.account())).hasSize(3);
  }

  @Test
  void a_version_without_an_endpoint_takes_the_endpoint_of_the_environment() throws IOException {
    // Given
    CredentialsFile file = file("api_key: one\napi_version: 2024-10-21\n");
    // When
    ClientCredentials read =
        ClientCredentials.of(
            file,
            name ->
                Optional.of("https://mine.openai.azure.com")
                    .filter(_ -> name.equals("AZURE_OPENAI_ENDPOINT")));
    // Then
    assertThat(read.type()).isEqualTo("azure-openai");
    assertThat(read.settings())
        .containsEntry("endpoint", "https://mine.openai.azure.com")
        .containsEntry("api-version", "2024-10-21");
  }

  @Test
  void another_key_is_another_account_at_openai_and_the_same_resource_at_azure()
      throws IOException {
    // When
    ClientCredentials one = read("api_key: one\n");
    ClientCredentials other = read("api_key: other\n");
    ClientCredentials azure = read("api_key: one\nazure_endpoint: https://Mine.openai.azure.com\n");
    ClientCredentials rotated =
        read("api_key: two\nazure_endpoint: https://mine.openai.azure.com/\n");
    // Then
    assertThat(one.account()).isNotEqualTo(other.account());
    assertThat(azure.account()).isEqualTo(rotated.account());
  }

  @Test
  void what_the_file_leaves_out_is_that_of_the_environment() throws IOException {
    // Given
    var environment =
        Map.of(
            "OPENAI_API_KEY", SECRET,
            "OPENAI_BASE_URL", "https://eu.api.openai.com/v1",
            "OPENAI_ORG_ID", "org-2",
            "OPENAI_PROJECT_ID", "proj_2");
    // When
    ClientCredentials read =
        ClientCredentials.of(
            file("organization: org-1\n"), name -> Optional.ofNullable(environment.get(name)));
    // Then
    assertThat(read.settings())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "api-key", SECRET,
                "url", "https://eu.api.openai.com/v1",
                "organization", "org-1",
                "project", "proj_2"));
    assertThat(read.account()).isNotEqualTo(read("api_key: %s\n".formatted(SECRET)).account());
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI_API_KEY, sk-s3cret with spaces",
    "OPENAI_API_KEY, ${sk-s3cret}",
    "OPENAI_BASE_URL, sk-s3cret",
    "OPENAI_ORG_ID, sk-s3crét",
  })
  void what_could_not_be_sent_is_refused_by_the_variable_it_stands_in(String variable, String value)
      throws IOException {
    // Given
    CredentialsFile file = file("{}\n");
    // When
    var refused =
        catchThrowableOfType(
            Failure.Usage.class,
            () ->
                ClientCredentials.of(
                    file, name -> Optional.of(value).filter(_ -> name.equals(variable))));
    // Then
    assertThat(refused.sentence())
        .startsWith("In the environment, " + variable + " is not ")
        .doesNotContain("s3cr");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "- api_key",
        "api_key",
        "api_key:\n",
        "organization: org-1\n",
        "api_key: sk-s3cret\napi_key: sk-s3cret\n",
        "api_key: [sk-s3cret]\n",
        "api_key: 'sk-s3cret with spaces'\n",
        "api_key: ${sk-s3cret}\n",
        "api_key: sk-s3cret\nbad: 'open\n",
        "api_key: sk-s3cret: x\n",
        "api_key: sk-s3cret\nbase_url: eu.example.org\n",
        "api_key: sk-s3cret\nazure_endpoint: mine\n",
        "api_key: sk-s3cret\nazure_endpoint: https://a.example\nazure_deployment: d\n",
        "api_key: sk-s3cret\nazure_endpoint: https://a.example\nbase_url: https://b.example\n",
        "api_key: sk-s3cret\ndefault_headers: {x: [sk-s3cret]}\n",
        "api_key: sk-s3cret\ndefault_headers: {x: ${sk-s3cret}}\n",
        "api_key: sk-s3cret\ndefault_headers: {'x y': sk-s3cret}\n",
        "api_key: sk-s3cret\ndefault_query: {x: !!python/name:os.system sk-s3cret}\n",
        "api_key: sk-s3cret\napi_version: 2024-10-21\n",
        "api_key: sk-s3cret\nbase_uri: https://typo.example\n",
        "!!python/object/apply:os.system ['touch pwned']\n",
        "api_key: !!python/object/new:os.system ['touch pwned']\n",
        "api_key: !!javax.script.ScriptEngineManager [x]\n",
        "? [a]\n: b\n",
        "a: &a [*a]\n",
      })
  void a_file_that_is_no_credentials_is_refused_without_quoting_it(String text) throws IOException {
    // When
    var refused = catchThrowableOfType(Failure.Usage.class, () -> read(text));
    // Then
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.sentence())
        .contains("he credentials file " + folder)
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "api_version, v1",
    "api_version, preview",
    "api_version, 21-10-2024",
    "api_version, 2024-10-21-beta",
    "api_version, 2024-10-21T00:00:00Z",
    "api_version, sk-s3cret",
    "azure_endpoint, https://mine.openai.azure.com/?sk-s3cret",
    "azure_endpoint, https://me:sk-s3cret@mine.openai.azure.com",
    "azure_endpoint, https://mine.openai.azure.com/#sk-s3cret",
    "azure_endpoint, ftp://mine.openai.azure.com",
    "base_url, https://eu.example.org/v1?sk-s3cret",
    "base_url, https://me:sk-s3cret@eu.example.org/v1",
  })
  void what_the_provider_would_refuse_is_refused_by_the_name_it_has_in_the_file(
      String member, String value) {
    // Given
    String azure =
        member.equals("api_version") ? "azure_endpoint: https://mine.openai.azure.com\n" : "";
    String text = "api_key: sk-s3cret\n%s%s: '%s'\n".formatted(azure, member, value);
    // When
    var refused = catchThrowableOfType(Failure.Usage.class, () -> read(text));
    // Then
    assertThat(refused.sentence())
        .startsWith("In the credentials file " + folder.resolve("c.yaml") + ", " + member + " ")
        .doesNotContain("s3cret", "arctic.providers");
  }

  @Test
  void versions_of_the_api_are_dates_of_previews_too_and_also_in_the_environment()
      throws IOException {
    // Given
    String account = "api_key: one\nazure_endpoint: https://mine.openai.azure.com\n";
    CredentialsFile preview = file(account + "api_version: 2025-03-01-preview\n");
    // When
    ClientCredentials own = ClientCredentials.of(preview, versionInEnvironment("latest"));
    CredentialsFile none = file(account);
    ClientCredentials inherited = ClientCredentials.of(none, versionInEnvironment("2024-10-21"));
    var refused =
        catchThrowableOfType(
            Failure.Usage.class, () -> ClientCredentials.of(none, versionInEnvironment("latest")));
    // Then
    assertThat(own.settings()).containsEntry("api-version", "2025-03-01-preview");
    assertThat(inherited.settings()).containsEntry("api-version", "2024-10-21");
    assertThat(refused.sentence()).startsWith("In the environment, OPENAI_API_VERSION is no date");
  }

  @Test
  void what_is_not_text_too_large_a_folder_or_not_there_is_refused() throws IOException {
    // Given
    Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', ':', ' ', (byte) 0xff});
    Path large = Files.writeString(folder.resolve("large"), "a: " + "x".repeat(70_000));
    // When
    for (Path path : new Path[] {binary, large, folder, folder.resolve("missing")}) {
      var refused =
          catchThrowableOfType(Failure.Usage.class, () -> new CredentialsFile(path).members());
      // Then
      assertThat(refused.sentence()).contains("credentials file", path.toString());
    }
  }

  private static Function<String, Optional<String>> versionInEnvironment(String version) {
    return name -> Optional.of(version).filter(_ -> name.equals("OPENAI_API_VERSION"));
  }

  private ClientCredentials read(String text) throws IOException {
    return ClientCredentials.of(file(text), _ -> Optional.empty());
  }

  private CredentialsFile file(String text) throws IOException {
    Path path = Files.writeString(folder.resolve("c.yaml"), text, StandardCharsets.UTF_8);
    return new CredentialsFile(path);
  }
}
