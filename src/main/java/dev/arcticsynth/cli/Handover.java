package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// Hands requests over, and waits where the server is still busy with the same submission: of a
/// process that runs side by side, or of one that was cut off a moment ago.
final class Handover {
  /// Longer than a server waits for the rest of an upload whose sender is gone.
  private static final Duration END = Duration.ofMinutes(3);

  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final ArcticClient client;
  private final Time time;
  private final Consumer<String> notices;

  Handover(ArcticClient client, Time time, Consumer<String> notices) {
    this.client = client;
    this.time = time;
    this.notices = notices;
  }

  TaskView submit(Submission submission) {
    Instant end = time.instant().plus(END);
    boolean told = false;
    while (true) {
      try {
        return client.submit(submission);
      } catch (Failure.Refused refused) {
        if (!refused.isUnderWay() || !time.instant().isBefore(end)) {
          throw refused;
        }
        if (!told) {
          notices.accept("The same requests are being handed over already; waiting for that.");
          told = true;
        }
        time.pause(PAUSE);
      }
    }
  }
}
