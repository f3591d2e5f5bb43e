package dev.arcticsynth.pipeline;

import dev.arcticsynth.database.ClockConfig;
import dev.arcticsynth.database.DatabaseClock;
import dev.arcticsynth.database.DatabaseHealth;
import dev.arcticsynth.database.WallClockSteps;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.scheduler.Trigger;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// What runs at intervals: by Quarkus' scheduler, or by a timer where the interval is too short for
/// it. A job whose last run is not over is skipped (`docs/adr/0019-periodic-jobs.md`).
@ApplicationScoped
class PeriodicJobs {

  private static final Logger LOG = Logger.getLogger(PeriodicJobs.class);

  /// How often the scheduler looks at its triggers: more often it can run nothing.
  private static final Duration SCHEDULER_PERIOD = Duration.ofSeconds(1);

  /// Has a job run whenever the scheduler looks. It looks near the whole second, now before it and
  /// now behind, and skips a job of exactly a second when it is a millisecond early.
  private static final Duration EACH_PERIOD = SCHEDULER_PERIOD.dividedBy(2);

  private final Scheduler scheduler;
  private final Vertx vertx;
  private final IsolatedContexts isolatedContexts;
  private final InFlightTracker inFlightTracker;
  private final GracefulStop stop;
  private final DatabaseHealth databaseHealth;
  private final List<Job> jobs = new CopyOnWriteArrayList<>();
  private final List<Long> timers = new CopyOnWriteArrayList<>();

  PeriodicJobs(
      Scheduler scheduler,
      Vertx vertx,
      IsolatedContexts isolatedContexts,
      InFlightTracker inFlightTracker,
      GracefulStop stop,
      DatabaseHealth databaseHealth) {
    this.scheduler = scheduler;
    this.vertx = vertx;
    this.isolatedContexts = isolatedContexts;
    this.inFlightTracker = inFlightTracker;
    this.stop = stop;
    this.databaseHealth = databaseHealth;
  }

  /// The last thing of a start: a job runs on an event loop, which must not wait for a bean whose
  /// maker waits for that event loop.
  void begin(
      @Observes @Priority(Integer.MAX_VALUE) StartupEvent start,
      ScheduleConfig config,
      ClockConfig time,
      Dispatcher dispatcher,
      OrphanBlobCollector orphanBlobCollector,
      DatabaseClock clock) {
    if (config.enabled()) {
      run("clock-sync", time.sync(), () -> sync(clock));
      run("dispatch", config.tick(), dispatcher::dispatch);
      run("lease-renewal", config.leaseRenewal(), dispatcher::renew);
      run("orphan-blobs", config.orphanBlobs(), () -> unlessStopping(orphanBlobCollector::collect));
      watchWallClock(WallClockSteps.ofThisMachine());
    }
  }

  /// After the graceful stop, for whose time the leases are renewed, and before anything is closed.
  void end(@Observes @Priority(Integer.MAX_VALUE) ShutdownDelayInitiatedEvent event) {
    stopTimers();
    if (scheduler.isStarted()) {
      scheduler.pause();
    }
  }

  /// An end without a stop before it: a start that failed, a test. A timer would run into a
  /// container that is gone.
  @PreDestroy
  void stopTimers() {
    timers.forEach(vertx::cancelTimer);
    timers.clear();
  }

  private void run(String name, Duration interval, Supplier<Uni<Void>> work) {
    var job = new Job(name, interval, work);
    if (interval.compareTo(SCHEDULER_PERIOD) < 0) {
      startTimer(job);
    } else {
      jobs.add(job);
      schedule(job);
    }
  }

  private void schedule(Job job) {
    Trigger _ =
        scheduler
            .newJob(job.name())
            .setInterval(
                job.interval().equals(SCHEDULER_PERIOD)
                    ? EACH_PERIOD.toString()
                    : job.interval().toString())
            .setConcurrentExecution(ConcurrentExecution.SKIP)
            // Not in the scheduler's context: what it opens there ends with the job.
            .setAsyncTask(_ -> isolatedContexts.run(job.work()))
            .schedule();
  }

  private void startTimer(Job job) {
    var running = new AtomicBoolean();
    timers.add(
        vertx.setPeriodic(
            job.interval().toMillis(),
            _ -> {
              if (running.compareAndSet(false, true)) {
                isolatedContexts.start(() -> job.work().get().eventually(() -> running.set(false)));
              }
            }));
  }

  /// The scheduler compares times of the wall clock: set back by an hour, it would run nothing for
  /// an hour, and no lease would be renewed. A job that is scheduled again runs at once.
  private void watchWallClock(WallClockSteps steps) {
    timers.add(
        vertx.setPeriodic(
            SCHEDULER_PERIOD.toMillis(),
            _ -> {
              if (steps.isSetBack()) {
                LOG.warn(
                    "This machine's clock was set back; the periodic jobs are scheduled again.");
                scheduleAgain();
              }
            }));
  }

  void scheduleAgain() {
    jobs.forEach(job -> {
      Trigger _ = scheduler.unscheduleJob(job.name());
      schedule(job);
    });
  }

  /// A stop waits for the job, and does not begin it.
  private Uni<Void> unlessStopping(Supplier<Uni<Void>> work) {
    if (stop.isStopping()) {
      return Uni.createFrom().voidItem();
    }
    inFlightTracker.begun(1);
    return work.get().eventually(() -> inFlightTracker.ended(1));
  }

  /// Asked so often, the clock is the first to notice that the database is away.
  private Uni<Void> sync(DatabaseClock clock) {
    return clock
        .sync()
        .invoke(databaseHealth::heard)
        .onFailure()
        .invoke(databaseHealth::lost)
        .onFailure()
        .recoverWithNull();
  }

  private record Job(String name, Duration interval, Supplier<Uni<Void>> work) {}
}
