package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.provider.simulator.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `FAULTS.md` is true: it leaves out no fault, and names no test that is not there.
class FaultsTableTest {

  private static final Path TESTS = Path.of("src/test/java/dev/arcticsynth");
  private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");

  @Test
  void every_fault_of_the_simulator_is_in_the_table() throws IOException {
    // Given
    String table = table();

    // Then
    assertThat(faults(Fault.class))
        .allSatisfy(fault -> assertThat(table).contains("`" + fault.getSimpleName() + "`"));
  }

  @Test
  void every_test_in_the_table_is_there() throws IOException {
    // Given
    var named = NAMED.matcher(table()).results().toList();

    // Then
    assertThat(named).hasSizeGreaterThan(50);
    assertThat(named).allSatisfy(test -> assertThat(source(test)).contains(test.group(2) + "("));
  }

  private static String table() throws IOException {
    return Files.readString(TESTS.resolve("pipeline/FAULTS.md"));
  }

  private static String source(MatchResult test) throws IOException {
    try (var files = Files.walk(TESTS)) {
      Path file =
          files
              .filter(path -> path.endsWith(test.group(1) + ".java"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("No such test: " + test.group(1)));
      return Files.readString(file);
    }
  }

  private static Stream<Class<?>> faults(Class<?> type) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    return permitted == null
        ? Stream.of(type)
        : Stream.of(permitted).flatMap(FaultsTableTest::faults);
  }
}
