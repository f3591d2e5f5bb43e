package dev.arcticsynth.callback;

/// What is to be sent, and where.
///
/// @param id the header `webhook-id`
/// @param body the bytes that are signed and sent, the same at each attempt
/// @param tries how many attempts there were already
record Parcel(String id, String url, byte[] body, int tries) {}
