package dev.arcticsynth.api.provider;

/// A webhook without a valid signature of its provider, or with an old one.
public final class InvalidSignatureException extends RuntimeException {
  InvalidSignatureException(String provider) {
    super(
        "No signature in webhook-signature matches the secret of provider '%s' within 300 seconds."
            .formatted(provider));
  }
}
