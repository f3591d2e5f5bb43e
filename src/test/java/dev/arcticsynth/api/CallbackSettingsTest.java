package dev.arcticsynth.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

/// Callbacks where none are configured.
@QuarkusTest
@TestProfile(WithoutPipeline.class)
class CallbackSettingsTest {

  private static final String SECRET = "whsec_" + "A".repeat(32);

  @Test
  void without_any_secret_a_callback_is_refused_with_what_to_set() {
    // When
    Response refused = create("unsigned", "{\"url\":\"https://example.com/hook\"}");

    // Then
    isRefused(refused, "/callback/secret", "no_callback_secret", "arctic.callback.secrets");
    assertThat(given().get("/v1/tasks/unsigned").statusCode()).isEqualTo(404);
  }

  @Test
  void without_a_key_a_secret_cannot_be_kept_and_is_refused_with_what_to_set() {
    // When
    Response refused =
        create("keyless", "{\"url\":\"https://example.com/hook\",\"secret\":\"" + SECRET + "\"}");

    // Then
    isRefused(refused, "/callback/secret", "no_callback_key", "arctic.callback.key");
    assertThat(refused.asString()).doesNotContain(SECRET);
    assertThat(given().get("/v1/tasks/keyless").statusCode()).isEqualTo(404);
  }

  @Test
  void a_callback_that_is_incomplete_or_misspelt_is_refused() {
    isRefused(
        create("x", "{\"secret\":\"" + SECRET + "\"}"), "/callback/url", "missing_url", "url");
    isRefused(create("x", "{\"uri\":\"\"}"), "/callback/uri", "unknown_member", "member");
    Response header =
        given()
            .contentType("application/x-ndjson")
            .header("X-Arctic-Callback-Secret", SECRET)
            .body("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .post("/v1/tasks?name=x");
    isRefused(header, "X-Arctic-Callback-Secret", "missing_url", "callback_url");
  }

  private static Response create(String name, String callback) {
    return given()
        .contentType("application/json")
        .body("{\"name\":\"%s\",\"callback\":%s}".formatted(name, callback))
        .post("/v1/tasks");
  }

  private static void isRefused(Response refused, String pointer, String code, String says) {
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(422);
    assertThat(refused.path("errors[0].pointer").toString()).isEqualTo(pointer);
    assertThat(refused.path("errors[0].code").toString()).isEqualTo(code);
    assertThat(refused.path("errors[0].detail").toString()).contains(says);
  }
}
