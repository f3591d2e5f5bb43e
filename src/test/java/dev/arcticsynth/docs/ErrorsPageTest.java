package dev.arcticsynth.docs;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `docs/errors.md` has a heading for each type of problem, with its status and its title.
class ErrorsPageTest {
  private static final Path PAGE = Path.of("docs/errors.md");
  private static final String TYPES = "https://arcticsynth.dev/problems/";

  /// `answer(422, "bad-lines", "Invalid request lines"`
  private static final Pattern PROBLEM =
      Pattern.compile("\\w+\\(\\s*(\\d{3}),\\s*\"([a-z-]+)\",\\s*\"([^\"]+)\"");

  private static final Pattern DESCRIBED =
      Pattern.compile("### ([a-z-]+)\n\n((?:\\d{3}(?: or )?)+) · ([^\n]+)\n");

  private record Problem(Set<String> statuses, Set<String> titles) {
    Problem and(Problem other) {
      return new Problem(union(statuses, other.statuses), union(titles, other.titles));
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
      return Stream.concat(some.stream(), others.stream()).collect(toSet());
    }
  }

  private static Map<String, Problem> inCode = Map.of();
  private static Map<String, Problem> onPage = Map.of();

  @BeforeAll
  static void read() throws IOException {
    var code = new StringBuilder();
    for (Path file :
        MarkdownFile.files(Path.of("src/main/java"))
            .filter(file -> file.toString().endsWith(".java"))
            .toList()) {
      String source = Files.readString(file);
      code.append(source.contains(TYPES) ? source : "");
    }
    inCode =
        PROBLEM
            .matcher(code)
            .results()
            .collect(
                toMap(
                    found -> found.group(2),
                    found -> new Problem(Set.of(found.group(1)), Set.of(found.group(3))),
                    Problem::and));
    onPage =
        DESCRIBED
            .matcher(Files.readString(PAGE))
            .results()
            .collect(
                toMap(
                    found -> found.group(1),
                    found ->
                        new Problem(
                            Set.of(found.group(2).split(" or ")),
                            Set.of(found.group(3).split(" or ")))));
  }

  @Test
  void every_type_of_the_code_is_on_the_page_with_its_status_and_title() {
    // Then
    assertThat(inCode).hasSizeGreaterThan(15);
    assertThat(onPage).containsAllEntriesOf(inCode);
  }

  @Test
  void every_type_on_the_page_is_one_of_the_code_or_of_the_framework() {
    // Given
    Map<String, Problem> framework =
        Stream.of(Status.values())
            .filter(status -> status.getStatusCode() >= 400)
            .collect(
                toMap(
                    status -> status.getReasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '-'),
                    status ->
                        new Problem(
                            Set.of("" + status.getStatusCode()), Set.of(status.getReasonPhrase())),
                    (a, _) -> a));

    // Then
    assertThat(onPage)
        .allSatisfy((type, problem) ->
            assertThat(inCode.getOrDefault(type, framework.get(type))).as(type).isEqualTo(problem));
    assertThat(new TreeSet<>(MarkdownFile.read(PAGE).headings(3)))
        .isEqualTo(new TreeSet<>(onPage.keySet()));
  }
}
