package dev.arcticsynth.lab.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.lab.evidence.Violation;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each mishap of the world once, in the middle of a task.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnvironmentIT {

  private static final Path FOLDER =
      Path.of("target", "lab", "environment-" + System.currentTimeMillis()).toAbsolutePath();

  private @Nullable EnvironmentLab environmentLab;

  @BeforeAll
  void open() {
    environmentLab = EnvironmentLab.open(FOLDER);
  }

  @AfterAll
  void close() {
    if (environmentLab != null) {
      environmentLab.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_task_survives(EnvironmentFault environmentFault) {
    List<Violation> breaches = Objects.requireNonNull(environmentLab).survive(environmentFault);
    assertThat(breaches).isEmpty();
  }
}
