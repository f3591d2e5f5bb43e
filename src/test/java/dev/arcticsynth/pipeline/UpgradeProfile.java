package dev.arcticsynth.pipeline;

import dev.arcticsynth.support.DatabaseDump;
import dev.arcticsynth.support.PostgresForTests;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The whole service, started on the database that [UpgradeRecorder] left, with the simulator that
/// knows its batches.
public class UpgradeProfile extends FlowProfile {

  /// `schema.sql` and `data.sql`, and the simulator's folder.
  static final Path RECORDED = Path.of("src", "test", "resources", "upgrade", "v13");

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> settings = super.getConfigOverrides();
    copy(
        RECORDED.resolve("simulator"),
        Path.of(Objects.requireNonNull(settings.get("arctic.home")), "simulator"));
    return settings;
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Restored.class));
  }

  static void copy(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        if (Files.size(each) == 0) {
          continue; // a lock, or nothing
        }
        Path copy = to.resolve(from.relativize(each).toString());
        Path _ = Files.createDirectories(copy.resolve("..").normalize());
        Path _ = Files.copy(each, copy);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// A PostgreSQL with the database as it was.
  public static final class Restored implements QuarkusTestResourceLifecycleManager {

    private final PostgresForTests postgres = new PostgresForTests();

    @Override
    public Map<String, String> start() {
      Map<String, String> settings = postgres.start();
      try {
        DatabaseDump.restore(
            RECORDED, PostgresForTests.withUser(settings.get("quarkus.datasource.jdbc.url")));
      } catch (SQLException | IOException failure) {
        throw new IllegalStateException(failure);
      }
      return settings;
    }

    @Override
    public void stop() {
      postgres.stop();
    }
  }
}
