package dev.arcticsynth.callback.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signatures of the Standard Webhooks, version 1: HMAC-SHA256 over `{id}.{timestamp}.{body}`.
public final class Signature {

  private static final String ALGORITHM = "HmacSHA256";

  private Signature() {}

  /// The header `webhook-signature`: one signature a secret, so that a receiver with any of them
  /// can verify it.
  public static String of(List<Secret> secrets, String id, long seconds, byte[] body) {
    return secrets.stream()
        .map(secret -> of(secret, id, String.valueOf(seconds), body))
        .collect(Collectors.joining(" "));
  }

  static String of(Secret secret, String id, String seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.bytes(), ALGORITHM));
      mac.update((id + "." + seconds + ".").getBytes(UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }
}
