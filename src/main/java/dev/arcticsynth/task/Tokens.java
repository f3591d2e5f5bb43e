package dev.arcticsynth.task;

/// How many input tokens requests have, as far as their size tells.
///
/// Nobody but the provider can count them. OpenAI's rule of thumb is a token for four characters of
/// English, and Azure estimates what is enqueued from characters as well. Bytes on the wire are
/// more than characters of prompts, so the estimate is high where lines are short or hold images,
/// and low for scripts of several bytes a character whose characters are a token each. A limit that
/// was learned from refusals is in the same estimates, and so makes up for that.
final class Tokens {

  private static final int BYTES_A_TOKEN = 4;

  private Tokens() {}

  static long in(long wireBytes) {
    return Math.max(1, wireBytes / BYTES_A_TOKEN);
  }
}
