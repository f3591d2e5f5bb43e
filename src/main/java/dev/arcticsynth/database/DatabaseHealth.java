package dev.arcticsynth.database;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/// Whether the database answers, as the periodic jobs have found.
///
/// An outage is one warning when it begins and one line when it is over, however many calls fail.
@ApplicationScoped
public class DatabaseHealth {

  private static final Logger LOG = Logger.getLogger(DatabaseHealth.class);

  private final LongSupplier nanos;
  private boolean lost;
  private long heardAt;

  DatabaseHealth() {
    this(System::nanoTime);
  }

  DatabaseHealth(LongSupplier nanos) {
    this.nanos = nanos;
    this.heardAt = nanos.getAsLong();
  }

  /// It answered.
  public synchronized void heard() {
    if (lost) {
      LOG.infof("The database answers again: outage=%s", silence());
    }
    lost = false;
    heardAt = nanos.getAsLong();
  }

  /// It did not, or not as a database that works.
  public synchronized void lost(Throwable failure) {
    if (!lost) {
      LOG.warnf("The database cannot be used; everything waits for it: %s", Outage.reason(failure));
    }
    lost = true;
  }

  /// Whether calls have failed for longer than this.
  synchronized boolean isLostFor(Duration time) {
    return lost && silence().compareTo(time) > 0;
  }

  private Duration silence() {
    return Duration.ofNanos(nanos.getAsLong() - heardAt);
  }
}
