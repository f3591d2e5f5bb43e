package dev.arcticsynth.callback.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts callers' secrets for the database: AES-GCM with a random nonce. A secret encrypted for
/// one task cannot be decrypted for another.
final class SecretCipher {

  static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();

  SecretCipher(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /// Nonce, text and tag.
  byte[] seal(UUID taskId, Secret secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, taskId).doFinal(secret.bytes());
      return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has AES-GCM", e);
    }
  }

  /// Fails with [UnreadableSecretException] where it was sealed by another key or for another task.
  Secret open(UUID taskId, byte[] sealed) {
    var in = ByteBuffer.wrap(sealed);
    byte[] nonce = new byte[NONCE_BYTES];
    try {
      in.get(nonce);
      byte[] text = new byte[in.remaining()];
      in.get(text);
      return Secret.of(cipher(Cipher.DECRYPT_MODE, nonce, taskId).doFinal(text));
    } catch (GeneralSecurityException | java.nio.BufferUnderflowException e) {
      throw new UnreadableSecretException(
          taskId, "arctic.callback.key is not the one it was sealed with", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, UUID taskId) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(taskId.toString().getBytes(UTF_8));
    return cipher;
  }
}
