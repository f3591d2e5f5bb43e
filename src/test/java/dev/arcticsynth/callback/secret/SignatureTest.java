package dev.arcticsynth.callback.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our signatures, judged by a library that is none of ours.
class SignatureTest {

  private static final String VECTOR = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_" + "A".repeat(32);
  private static final byte[] BODY =
      "{\"type\":\"task.completed\",\"data\":{\"task\":\"ä€𝄞\"}}".getBytes(UTF_8);
  private static final Instant NOW = Instant.ofEpochSecond(1614265330);

  @Test
  void the_test_vector_of_the_standard_comes_out() {
    assertThat(
            Signature.of(
                List.of(secret(VECTOR)),
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                "{\"test\": 2432232314}".getBytes(UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void the_independent_library_verifies_what_we_sign() throws Exception {
    // Given
    long now = Instant.now().getEpochSecond();

    // When
    String header = Signature.of(List.of(secret(VECTOR)), "msg_1", now, BODY);

    // Then
    new Webhook(VECTOR).verify(new String(BODY, UTF_8), headers("msg_1", now, header));
    assertThatThrownBy(
            () -> new Webhook(OTHER).verify(new String(BODY, UTF_8), headers("msg_1", now, header)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() ->
            new Webhook(VECTOR).verify(new String(BODY, UTF_8), headers("msg_2", now, header)))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void during_a_rotation_receivers_with_the_old_and_with_the_new_secret_are_content()
      throws Exception {
    // Given
    long now = Instant.now().getEpochSecond();

    // When
    String header = Signature.of(List.of(secret(VECTOR), secret(OTHER)), "msg_1", now, BODY);

    // Then
    assertThat(header.split(" ")).hasSize(2);
    new Webhook(VECTOR).verify(new String(BODY, UTF_8), headers("msg_1", now, header));
    new Webhook(OTHER).verify(new String(BODY, UTF_8), headers("msg_1", now, header));
  }

  @Test
  void a_signature_of_the_independent_library_is_verified() throws Exception {
    // Given
    String signature =
        new Webhook(VECTOR).sign("evt_1", NOW.getEpochSecond(), new String(BODY, UTF_8));

    // Then
    assertThat(message("1614265330", signature).isFrom(secret(VECTOR), NOW)).isTrue();
    assertThat(message("1614265330", "v1,bm9uZQ== " + signature).isFrom(secret(VECTOR), NOW))
        .isTrue();
    assertThat(message("1614265330", signature).isFrom(secret(OTHER), NOW)).isFalse();
    assertThat(message("1614265331", signature).isFrom(secret(VECTOR), NOW)).isFalse();
    assertThat(message("1614265330", signature.replace("v1,", "v1a,")).isFrom(secret(VECTOR), NOW))
        .isFalse();
    assertThat(message("1614265330", signature.substring(0, 20)).isFrom(secret(VECTOR), NOW))
        .isFalse();
  }

  @Test
  void a_message_is_valid_for_five_minutes_around_its_time() throws Exception {
    // Given
    var message =
        message(
            "1614265330",
            new Webhook(VECTOR).sign("evt_1", NOW.getEpochSecond(), new String(BODY, UTF_8)));
    var tolerance = Duration.ofMinutes(5);

    // Then
    assertThat(message.isFrom(secret(VECTOR), NOW.plus(tolerance))).isTrue();
    assertThat(message.isFrom(secret(VECTOR), NOW.minus(tolerance))).isTrue();
    assertThat(message.isFrom(secret(VECTOR), NOW.plus(tolerance).plusMillis(1))).isFalse();
    assertThat(message.isFrom(secret(VECTOR), NOW.minus(tolerance).minusMillis(1))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "1614265330.5", "-1614265330", "99999999999999999999"})
  void an_invalid_time_is_rejected(String timestamp) {
    String signature = Signature.of(secret(VECTOR), "evt_1", timestamp, BODY);
    assertThat(message(timestamp, signature).isFrom(secret(VECTOR), NOW)).isFalse();
  }

  @Test
  void missing_headers_are_rejected() {
    assertThat(new IncomingWebhook(null, "1", "v1,x", BODY).isFrom(secret(VECTOR), NOW)).isFalse();
    assertThat(new IncomingWebhook("a", null, "v1,x", BODY).isFrom(secret(VECTOR), NOW)).isFalse();
    assertThat(new IncomingWebhook("a", "1", null, BODY).isFrom(secret(VECTOR), NOW)).isFalse();
  }

  @Test
  void a_secret_has_24_to_64_bytes_and_is_never_shown() {
    for (int bytes = 0; bytes < 80; bytes++) {
      byte[] random = new byte[bytes];
      RandomGenerator.getDefault().nextBytes(random);
      String text = "whsec_" + Base64.getEncoder().encodeToString(random);
      assertThat(Secret.parse(text).isPresent()).as(text).isEqualTo(bytes >= 24 && bytes <= 64);
    }
    assertThat(secret(VECTOR).toString()).doesNotContain("MfKQ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
      })
  void what_is_no_secret_is_refused(String text) {
    assertThat(Secret.parse(text)).isEmpty();
  }

  private static IncomingWebhook message(String timestamp, String signatures) {
    return new IncomingWebhook("evt_1", timestamp, signatures, BODY);
  }

  private static Map<String, List<String>> headers(String id, long seconds, String signature) {
    return Map.of(
        "webhook-id", List.of(id),
        "webhook-timestamp", List.of(String.valueOf(seconds)),
        "webhook-signature", List.of(signature));
  }

  private static Secret secret(String text) {
    return Secret.parse(text).orElseThrow();
  }
}
