package dev.arcticsynth.database;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready also through a short outage of the database: all replicas would be unready at once, and
/// callers would get connection errors instead of a 503 with Retry-After.
@Readiness
@ApplicationScoped
class DatabaseReadiness implements HealthCheck {

  private final DatabaseHealth databaseHealth;
  private final Duration grace;

  DatabaseReadiness(DatabaseHealth databaseHealth, ConnectionConfig config) {
    this.databaseHealth = databaseHealth;
    this.grace = config.outageGrace();
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("database").status(!databaseHealth.isLostFor(grace)).build();
  }
}
