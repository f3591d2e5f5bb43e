package dev.arcticsynth.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
      write(lists, entry.getKey(), entry.getValue());
    }
    write(lists, Tier.SERVICE, TestSuites.write(TestSuites.of(tiers.serviceTests()), classes));
  }

  @Test
  void tests_of_one_profile_are_in_suites_of_their_own() {
    // Given
    var profiles = List.of("one", "two");
    var tests =
        IntStream.rangeClosed(1, 20)
            .mapToObj(n -> new TestSuites.Member("T" + n, profiles.get(n % 10 == 0 ? 1 : 0), n))
            .toList();
    // When
    List<List<TestSuites.Member>> suites = TestSuites.of(tests);
    // Then
    assertThat(suites)
        .hasSize(4)
        .allSatisfy(suite -> assertThat(suite).hasSizeBetween(2, 7))
        .allSatisfy(suite ->
            assertThat(suite)
                .extracting(TestSuites.Member::profile)
                .containsOnly(suite.getFirst().profile()));
    assertThat(suites.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(tests);
  }

  private static void write(Path lists, Tier tier, Collection<String> names) throws IOException {
    Path list = lists.resolve(tier.name().toLowerCase(Locale.ROOT) + ".txt");
    Path _ = Files.writeString(list, TestTiers.asPatterns(names));
    deleteIfThere(StageTimes.besides(list));
  }

  private static void deleteIfThere(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
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
