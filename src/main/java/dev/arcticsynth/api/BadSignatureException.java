package dev.arcticsynth.api;

/// A webhook that was not signed by who it says it is from, or too long ago.
final class BadSignatureException extends RuntimeException {
  BadSignatureException(String provider) {
    super(
        "No signature in webhook-signature fits the secret of provider '%s' within 300 seconds."
            .formatted(provider));
  }
}
