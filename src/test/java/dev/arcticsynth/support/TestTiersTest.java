package dev.arcticsynth.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Writes which test class is in which [Tier], for the stages of the build that come after it.
class TestTiersTest {

  private final Path classes = folderOf(TestTiersTest.class);
  private final TestTiers tiers = TestTiers.of(classes);

  @Test
  void every_unit_test_is_in_a_tier() throws IOException {
    // When
    Map<Tier, Set<String>> sorted = tiers.sorted();
    // Then
    assertThat(sorted).noneSatisfy((_, names) -> assertThat(names).isEmpty());
    Path lists = Files.createDirectories(classes.resolveSibling("tiers"));
    for (var entry : sorted.entrySet()) {
      Path _ =
          Files.writeString(
              lists.resolve(entry.getKey().name().toLowerCase(java.util.Locale.ROOT) + ".txt"),
              TestTiers.asPatterns(entry.getValue()));
    }
  }

  @Test
  void no_class_with_tests_has_a_name_by_which_it_would_never_run() {
    assertThat(tiers.neverRun()).isEmpty();
  }

  private static Path folderOf(Class<?> compiled) {
    try {
      return Path.of(compiled.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
