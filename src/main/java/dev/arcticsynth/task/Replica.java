package dev.arcticsynth.task;

import jakarta.enterprise.context.ApplicationScoped;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Who this process is, in leases and in the history.
@ApplicationScoped
public class Replica {

  private final String name;

  Replica(@ConfigProperty(name = "arctic.replica") Optional<String> name) {
    this.name = name.orElseGet(() -> ManagementFactory.getRuntimeMXBean().getName());
  }

  public String name() {
    return name;
  }
}
