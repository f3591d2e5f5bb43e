package dev.arcticsynth.provider.openai;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Puts ids into paths. Gateways give ids that hold anything.
final class Paths {

  private Paths() {}

  static String segment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
