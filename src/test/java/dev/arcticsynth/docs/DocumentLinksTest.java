package dev.arcticsynth.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Links between the documents, and from the code to the documents, lead somewhere.
class DocumentLinksTest {
  private static final Pattern SCHEME = Pattern.compile("[a-z]+:.*");

  /// In Javadoc and comments: `docs/api.md#tasks`, `README.md#links`.
  private static final Pattern DOCUMENT =
      Pattern.compile(
          "(?<![\\w/.])((?:docs/[\\w./-]+|README|CONTRIBUTING|CHANGELOG)\\.md)(?:#([\\w-]+))?");

  private static final Pattern DECISION = Pattern.compile("(?:ADR |docs/adr/)(\\d{4})(?!\\d)");

  /// A page that the repository does not have.
  private static final Pattern ELSEWHERE = Pattern.compile("\\bdesign/[A-Z]|\\(DESIGN \\d");

  @Test
  void every_link_of_a_document_leads_to_a_file_and_a_heading() throws IOException {
    // When
    List<String> broken = new ArrayList<>();
    for (MarkdownFile file : MarkdownFile.all()) {
      for (MarkdownFile.Link link : file.links()) {
        if (!SCHEME.matcher(link.target()).matches()) {
          wrong(file.path(), link.target())
              .ifPresent(what -> broken.add("%s:%d: %s".formatted(file.path(), link.line(), what)));
        }
      }
    }

    // Then
    assertThat(broken).isEmpty();
  }

  @Test
  void every_document_that_the_code_names_is_there() throws IOException {
    // When
    List<String> broken = new ArrayList<>();
    for (Path file : sources()) {
      String text = Files.readString(file);
      DOCUMENT
          .matcher(text)
          .results()
          .filter(named -> !named.group(1).equals("README.md") || named.group(2) != null)
          .map(DocumentLinksTest::link)
          .map(link -> wrong(Path.of("here"), link))
          .flatMap(Optional::stream)
          .forEach(what -> broken.add(file + ": " + what));
      DECISION
          .matcher(text)
          .results()
          .filter(named -> !isDecision(named.group(1)))
          .forEach(named -> broken.add(file + ": no decision " + named.group(1)));
      ELSEWHERE.matcher(text).results().forEach(named -> broken.add(file + ": " + named.group()));
    }

    // Then
    assertThat(broken).isEmpty();
  }

  @Test
  void every_decision_is_in_the_list_of_decisions() throws IOException {
    // Given
    String list = Files.readString(Path.of("docs/adr/README.md"));

    // Then
    try (Stream<Path> decisions = Files.list(Path.of("docs/adr"))) {
      assertThat(decisions.map(file -> file.getFileName().toString()))
          .filteredOn(name -> !name.equals("README.md"))
          .hasSizeGreaterThan(10)
          .allSatisfy(name -> assertThat(list).contains("(" + name + ")"));
    }
  }

  private static String link(MatchResult named) {
    return named.group(1) + (named.group(2) == null ? "" : "#" + named.group(2));
  }

  private static Optional<String> wrong(Path from, String target) {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
    if (!Files.exists(file)) {
      return Optional.of("no file for " + target);
    }
    boolean hasAnchor = parts.length == 2 && file.toString().endsWith(".md");
    return hasAnchor && !MarkdownFile.read(file).anchors().contains(parts[1])
        ? Optional.of("no heading for " + target)
        : Optional.empty();
  }

  private static boolean isDecision(String number) {
    try (Stream<Path> decisions = Files.list(Path.of("docs/adr"))) {
      return decisions.anyMatch(file -> file.getFileName().toString().startsWith(number));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>(List.of(Path.of("pom.xml"), Path.of("arctic-synth")));
    for (String folder : List.of("src", "deploy", ".ci")) {
      MarkdownFile.files(Path.of(folder))
          .filter(file -> !file.toString().endsWith(".md") && !file.toString().endsWith(".jsonl"))
          .filter(file -> !file.endsWith("DocumentLinksTest.java"))
          .forEach(sources::add);
    }
    return sources;
  }
}
