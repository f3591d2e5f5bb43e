package dev.arcticsynth.task.quota;

/// The settings of providers, as far as it matters whether they have changed.
public interface AccountSettings {

  /// Another word when a provider's address or credentials are; no secret can be read from it.
  String fingerprint(String provider);
}
