package dev.arcticsynth.api.provider;

/// A webhook that was not signed by who it says it is from, or too long ago.
public final class InvalidSignatureException extends RuntimeException {
  InvalidSignatureException(String provider) {
    super(
        "No signature in webhook-signature fits the secret of provider '%s' within 300 seconds."
            .formatted(provider));
  }
}
