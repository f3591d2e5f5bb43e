package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.scheduler.Trigger;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import org.hibernate.SessionFactory;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;

/// The service as it runs by itself, by its scheduler.
@QuarkusTest
@TestProfile(PeriodicJobsTest.ByItself.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // the container fills the fields
class PeriodicJobsTest extends Flow {

  private static final String DEADLOCK = "40P01";

  @Inject PeriodicJobs jobs;
  @Inject Scheduler scheduler;
  @Inject Instance<SessionFactory> blocking;
  @Inject Instance<Mutiny.SessionFactory> reactive;

  /// Its jobs run while the tables are emptied, and PostgreSQL may end either of two that wait for
  /// each other.
  @Override
  @BeforeEach
  void nothingIsUnderWay(TestInfo test) {
    eventually(() -> {
      try {
        super.nothingIsUnderWay(test);
        return true;
      } catch (PgException e) {
        assertThat(e.getSqlState()).as(e.getMessage()).isEqualTo(DEADLOCK);
        return false;
      }
    });
  }

  @Test
  void jobs_of_a_second_and_more_are_the_schedulers() {
    // When
    var names = scheduler.getScheduledJobs().stream().map(Trigger::getId);

    // Then
    assertThat(names).containsExactlyInAnyOrder("clock-sync", "lease-renewal", "orphan-blobs");
  }

  @Test
  void due_work_is_found_without_being_asked_for() {
    // When
    submit(5);

    // Then
    eventually(() -> started().size() == 1);
  }

  @Test
  void a_job_that_is_scheduled_again_does_not_wait_for_the_old_time_of_its_next_run() {
    // Given
    eventually(() -> hasRun("orphan-blobs"));

    // When
    jobs.scheduleAgain();

    // Then
    assertThat(hasRun("orphan-blobs")).isFalse();
    eventually(() -> hasRun("orphan-blobs"));
  }

  /// The last: no job of this service runs after it.
  @Test
  @Order(Integer.MAX_VALUE)
  void a_stop_ends_the_scheduler() {
    // When
    jobs.end(new ShutdownDelayInitiatedEvent());
    boolean running = scheduler.isRunning();
    scheduler.resume();

    // Then
    assertThat(running).isFalse();
  }

  /// Hibernate is used reactively; the JDBC datasource is there for migrations.
  @Test
  void the_blocking_unit_of_hibernate_is_not_there() {
    assertThat(blocking.isUnsatisfied()).isTrue();
    assertThat(reactive.isResolvable()).isTrue();
  }

  private boolean hasRun(String job) {
    return scheduler.getScheduledJob(job).getPreviousFireTime() != null;
  }

  public static final class ByItself extends FlowProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      var settings = new HashMap<>(super.getConfigOverrides());
      settings.put("quarkus.scheduler.enabled", "true");
      settings.put("arctic.schedule.tick", "100ms");
      return settings;
    }
  }
}
