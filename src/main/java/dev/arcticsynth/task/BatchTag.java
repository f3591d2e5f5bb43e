package dev.arcticsynth.task;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// The name of a batch attempt at its provider, `<deployment>/<partition>/<attempt>`: unique for
/// ever, and its first part distinguishes our files and batches from others' on the same account.
public record BatchTag(String deployment, UUID partition, int batchAttempt) {

  private static final Pattern SHAPE =
      Pattern.compile("([^/]+)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([1-9]\\d{0,8})");

  /// Empty for what is not written exactly as we write it.
  public static Optional<BatchTag> parse(String text) {
    var matcher = SHAPE.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new BatchTag(
                matcher.group(1),
                UUID.fromString(matcher.group(2)),
                Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "%s/%s/%d".formatted(deployment, partition, batchAttempt);
  }
}
