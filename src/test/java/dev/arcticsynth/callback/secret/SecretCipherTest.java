package dev.arcticsynth.callback.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.arcticsynth.callback.Settings;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SecretCipherTest {

  private static final byte[] BYTES =
      "0123456789abcdefghijklmn".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final Secret SECRET = Secret.of(BYTES);
  private static final UUID TASK = UUID.randomUUID();

  private final SecretCipher secretCipher = new SecretCipher(new byte[32]);

  @Test
  void what_is_sealed_opens_with_the_same_key_for_the_same_task() {
    assertThat(secretCipher.open(TASK, secretCipher.seal(TASK, SECRET))).isEqualTo(SECRET);
  }

  @Test
  void the_same_secret_never_looks_the_same() {
    assertThat(secretCipher.seal(TASK, SECRET)).isNotEqualTo(secretCipher.seal(TASK, SECRET));
    assertThat(
            new String(
                secretCipher.seal(TASK, SECRET), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("0123456789");
  }

  @Test
  void it_opens_for_no_other_task_with_no_other_key_and_not_when_it_was_touched() {
    // Given
    byte[] sealed = secretCipher.seal(TASK, SECRET);
    byte[] key = new byte[32];
    key[31] = 1;

    // Then
    assertThatThrownBy(() -> secretCipher.open(UUID.randomUUID(), sealed))
        .isInstanceOf(UnreadableSecretException.class);
    assertThatThrownBy(() -> new SecretCipher(key).open(TASK, sealed))
        .isInstanceOf(UnreadableSecretException.class);
    for (int i = 0; i < sealed.length; i++) {
      byte[] touched = sealed.clone();
      touched[i] ^= 1;
      assertThatThrownBy(() -> secretCipher.open(TASK, touched))
          .isInstanceOf(UnreadableSecretException.class);
      byte[] cut = Arrays.copyOf(sealed, i);
      assertThatThrownBy(() -> secretCipher.open(TASK, cut))
          .isInstanceOf(UnreadableSecretException.class);
    }
  }

  @Test
  void settings_that_cannot_be_stop_the_start_without_quoting_a_secret() {
    // Given
    var settings = Settings.asInProduction();
    String secret = "whsec_" + Base64.getEncoder().encodeToString(BYTES);

    // Then
    assertThat(new Keyring(settings.signedBy(secret, secret, secret)).shared()).hasSize(3);
    assertThatThrownBy(() -> new Keyring(settings.signedBy(secret, secret, secret, secret)))
        .hasMessageContaining("arctic.callback.secrets");
    assertThatThrownBy(() -> new Keyring(settings.signedBy("whsec_tooshort")))
        .hasMessageContaining("arctic.callback.secrets")
        .hasMessageNotContaining("tooshort");
    assertThatThrownBy(() -> new Keyring(settings.withKey("c2hvcnQ=")))
        .hasMessageContaining("arctic.callback.key")
        .hasMessageNotContaining("c2hvcnQ");
    assertThatThrownBy(() -> new Keyring(settings.withKey("not base64!")))
        .hasMessageContaining("arctic.callback.key")
        .hasMessageNotContaining("not base64!");
  }
}
