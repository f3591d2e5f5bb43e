package dev.arcticsynth.callback.delivery;

/// Why an attempt failed. Callers see no more than this: other details would tell them about
/// networks that are none of their business.
public enum DeliveryError {
  DESTINATION_NOT_ALLOWED,
  DNS_FAILED,
  TLS_FAILED,
  TIMEOUT,
  CONNECTION_FAILED,
  /// The receiver answered, and not with 2xx.
  STATUS
}
