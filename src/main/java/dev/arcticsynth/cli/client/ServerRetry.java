package dev.arcticsynth.cli.client;

import dev.arcticsynth.cli.terminal.Failure;
import dev.arcticsynth.cli.terminal.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Retries while the server cannot be reached, for a minute at most.
public final class ServerRetry {
  private static final Duration END = Duration.ofSeconds(60);
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Time time;
  private final Consumer<String> notices;

  public ServerRetry(Time time, Consumer<String> notices) {
    this.time = time;
    this.notices = notices;
  }

  public <T> T ask(Supplier<T> call) {
    try {
      return call.get();
    } catch (Failure.Unreachable failure) {
      if (!failure.isPassing()) {
        throw failure;
      }
      notices.accept(failure.sentence() + " Trying again for " + END.toSeconds() + " s.");
      T answer = askAgain(call, failure);
      notices.accept("The server answers again.");
      return answer;
    }
  }

  private <T> T askAgain(Supplier<T> call, Failure.Unreachable first) {
    Instant end = time.instant().plus(END);
    Duration pause = FIRST;
    Failure.Unreachable last = first;
    while (last.isPassing() && time.instant().isBefore(end)) {
      time.pause(shorter(last.retryAfter().orElse(pause), Duration.between(time.instant(), end)));
      try {
        return call.get();
      } catch (Failure.Unreachable failure) {
        last = failure;
        pause = shorter(pause.multipliedBy(2), LONGEST);
      }
    }
    throw last;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
