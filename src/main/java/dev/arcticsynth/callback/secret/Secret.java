package dev.arcticsynth.callback.secret;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// The shared secret of a sender and a receiver of webhooks, as in the Standard Webhooks: random
/// bytes, written `whsec_` and base64.
public final class Secret {

  static final String SHAPE = "A secret is whsec_ followed by the base64 of 24 to 64 random bytes.";

  private static final String PREFIX = "whsec_";
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;

  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Of a caller or of ours: with the prefix, and neither too short nor too long.
  public static Optional<Secret> parse(String text) {
    return text.startsWith(PREFIX)
        ? decode(text.substring(PREFIX.length()))
            .filter(secret -> secret.bytes.length >= SHORTEST && secret.bytes.length <= LONGEST)
        : Optional.empty();
  }

  /// A secret that a third party made: of any length; the prefix may be missing.
  public static Optional<Secret> foreign(String text) {
    return decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text)
        .filter(secret -> secret.bytes.length > 0);
  }

  static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  private static Optional<Secret> decode(String base64) {
    try {
      return Optional.of(new Secret(Base64.getDecoder().decode(base64)));
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && Arrays.equals(bytes, secret.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
