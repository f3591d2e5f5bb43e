package dev.arcticsynth.provider.openai;

/// How a form says when the file expires.
enum ExpiryForm {
  /// `expires_after[seconds]`, as OpenAI and its clients write it.
  BRACKETS,
  /// `expires_after.seconds`, as Azure's documentation has it.
  DOTS,
  /// Not at all: the provider does not say that it knows the member.
  NONE;

  String name(String member) {
    return this == DOTS ? "expires_after." + member : "expires_after[" + member + "]";
  }
}
