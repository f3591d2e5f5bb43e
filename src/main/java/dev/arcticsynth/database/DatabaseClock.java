package dev.arcticsynth.database;

import static java.time.temporal.ChronoUnit.MICROS;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The database's time, kept by this machine's monotonic clock.
///
/// Now is the database's time at the last reading, plus the nanoseconds since. So all replicas
/// share one clock, reading it takes no call, and setting this machine's wall clock changes
/// nothing. Between two readings it drifts as a quartz does; a machine that was suspended lags by
/// that time until the next reading.
public final class DatabaseClock implements InstantSource {

  private static final Logger LOG = Logger.getLogger(DatabaseClock.class);

  private final Supplier<Uni<Instant>> ask;
  private final LongSupplier nanos;
  private final InstantSource wall;
  private final ClockConfig config;
  private final AtomicBoolean wallIsWrong = new AtomicBoolean();
  private volatile @Nullable Anchor anchor;

  /// @param reads the database's time
  /// @param nanos a monotonic clock, as [System#nanoTime] is
  /// @param wall this machine's wall clock, which may be wrong
  DatabaseClock(
      Supplier<Uni<Instant>> ask, LongSupplier nanos, InstantSource wall, ClockConfig config) {
    this.ask = ask;
    this.nanos = nanos;
    this.wall = wall;
    this.config = config;
  }

  /// In microseconds, as PostgreSQL keeps them: what is read back equals what was written. Before
  /// the first reading, which the start of the service waits for, this machine's own time.
  @Override
  public Instant instant() {
    Anchor known = anchor;
    Instant now =
        known == null ? wall.instant() : known.time().plusNanos(nanos.getAsLong() - known.nanos());
    return now.truncatedTo(MICROS);
  }

  /// Reads the database's time once; fails where it does not answer. A failed or too slow reading
  /// changes nothing.
  public Uni<Void> sync() {
    return Uni.createFrom()
        .deferred(() -> {
          long asked = nanos.getAsLong();
          return ask.get().invoke(answer -> take(answer, asked, nanos.getAsLong()));
        })
        .ifNoItem()
        .after(config.maxRoundTrip().multipliedBy(2))
        .failWith(() -> new IllegalStateException("The database returned no time."))
        .replaceWithVoid();
  }

  /// How far this machine's own clock is ahead of the database's.
  Duration offset() {
    return Duration.between(instant(), wall.instant());
  }

  boolean isAnchored() {
    return anchor != null;
  }

  /// The database read its clock somewhere between question and answer.
  private void take(Instant answer, long asked, long answered) {
    long roundTrip = answered - asked;
    if (roundTrip <= config.maxRoundTrip().toNanos()) {
      anchor = new Anchor(answer, asked + roundTrip / 2);
      complain();
    }
  }

  private void complain() {
    Duration offset = offset();
    boolean wrong = offset.abs().compareTo(config.maxOffset()) > 0;
    if (wallIsWrong.getAndSet(wrong) != wrong) {
      if (wrong) {
        LOG.warnf(
            "This machine's clock differs from the database's, which affects signatures"
                + " and certificates do. Set it by NTP: offset=%s",
            offset);
      } else {
        LOG.infof("This machine's clock is right again: offset=%s", offset);
      }
    }
  }

  private record Anchor(Instant time, long nanos) {}
}
