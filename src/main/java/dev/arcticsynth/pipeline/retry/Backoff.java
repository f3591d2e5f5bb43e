package dev.arcticsynth.pipeline.retry;

import dev.arcticsynth.provider.Provider.PollPace;
import dev.arcticsynth.provider.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Computes due times. Half of every pause is fixed and half is random, so that partitions that
/// began together do not retry together.
@ApplicationScoped
public class Backoff {

  private static final double SLOWER = 1.5;
  private static final Duration FINISHING = Duration.ofSeconds(20);
  private static final Duration BELIEVED = Duration.ofSeconds(30);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration PARKED = Duration.ofMinutes(5);

  private final FlowConfig config;
  private final InstantSource clock;
  private final RandomGenerator random;

  Backoff(FlowConfig config, InstantSource clock, RandomGenerator random) {
    this.config = config;
    this.clock = clock;
    this.random = random;
  }

  /// After a temporary failure, the n-th in a row counted from 0.
  public Instant afterFailure(int n) {
    return in(doubled(n));
  }

  /// As the provider's Retry-After, if present.
  Instant afterFailure(ProviderException failure, int n) {
    return failure
        .retryAfter()
        .map(asked -> clock.instant().plus(asked))
        .orElseGet(() -> afterFailure(n));
  }

  /// After a transfer that came whole and lacks something: one alike after that is believed.
  public Instant afterWholeTransfer() {
    return clock.instant().plus(BELIEVED);
  }

  /// Whether a transfer that is alike since then is believed.
  public boolean isLongEnoughSince(Instant moment) {
    return !moment.plus(BELIEVED).isAfter(clock.instant());
  }

  /// After a failure that others wait for.
  public Instant soon() {
    return in(SOON);
  }

  public Instant parked() {
    return in(PARKED);
  }

  public Instant settled() {
    return clock.instant().plus(config.settle());
  }

  /// Whether a provider's lists have had their time since.
  public boolean isSettledSince(Instant moment) {
    return !moment.plus(config.settle()).isAfter(clock.instant());
  }

  /// Whether a moment is here that something had to be done before.
  public boolean isOver(Optional<Instant> moment) {
    return moment.filter(at -> !at.isAfter(clock.instant())).isPresent();
  }

  public Instant now() {
    return clock.instant();
  }

  public Instant firstPoll(PollPace pace) {
    return in(pace.first());
  }

  /// @param unchanged polls since the provider last said something new
  public Instant nextPoll(PollPace pace, int unchanged, boolean finishing) {
    var slow = pollInterval(pace, unchanged);
    return in(finishing && slow.compareTo(FINISHING) > 0 ? FINISHING : slow);
  }

  /// The longest time between two polls now.
  public Duration pollInterval(PollPace pace, int unchanged) {
    double millis = pace.first().toMillis() * Math.pow(SLOWER, Math.min(unchanged, 40));
    return Duration.ofMillis((long) Math.min(millis, pace.max().toMillis()));
  }

  private Duration doubled(int n) {
    double millis = config.pauseFirst().toMillis() * Math.pow(2, Math.min(n, 40));
    return Duration.ofMillis((long) Math.min(millis, config.pauseMax().toMillis()));
  }

  private Instant in(Duration pause) {
    long half = pause.toMillis() / 2;
    return clock.instant().plusMillis(half + (half == 0 ? 0 : random.nextLong(half)));
  }
}
