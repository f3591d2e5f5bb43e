package dev.arcticsynth.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Markdown file of this repository: its fenced blocks, the anchors that it has, and its links.
record MarkdownFile(Path path, List<String> lines) {

  /// @param line of the opening fence, from 1
  /// @param language what the opening fence says
  /// @param end index of the line after the closing fence
  record Block(int line, String language, String text, int end) {}

  record Link(int line, String target) {}

  private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.*?)(?: +#+)? *");
  private static final Pattern ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\">");
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)(?: \"[^\"]*\")?\\)");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");
  private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules", "venv");

  static MarkdownFile read(Path path) {
    try {
      return new MarkdownFile(path.normalize(), Files.readAllLines(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Those of the whole checkout.
  static List<MarkdownFile> all() throws IOException {
    return files(Path.of(""))
        .filter(path -> path.toString().endsWith(".md"))
        .map(MarkdownFile::read)
        .toList();
  }

  /// The regular files under a folder, without what a build leaves.
  static Stream<Path> files(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> children = Files.list(root)) {
      for (Path child : children.sorted().toList()) {
        if (NOT_OURS.contains(child.getFileName().toString())) {
          continue;
        }
        if (Files.isDirectory(child)) {
          files(child).forEach(found::add);
        } else {
          found.add(child);
        }
      }
    }
    return found.stream();
  }

  /// The fenced blocks, in order.
  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.startsWith("```")) {
        int from = i + 1;
        do {
          i++;
        } while (i < lines.size() && !lines.get(i).strip().equals("```"));
        blocks.add(
            new Block(
                from, line.substring(3).strip(), String.join("\n", lines.subList(from, i)), i + 1));
      }
    }
    return blocks;
  }

  /// What stands behind `#` in links to this file, as GitHub makes it from headings.
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (String line : prose()) {
      var heading = HEADING.matcher(line);
      if (heading.matches()) {
        String slug = slug(heading.group(2));
        int before = seen.merge(slug, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? slug : slug + "-" + before);
      }
      ANCHOR.matcher(line).results().forEach(anchor -> anchors.add(anchor.group(1)));
    }
    return anchors;
  }

  /// The headings of one level, without backticks.
  List<String> headings(int level) {
    return prose().stream()
        .map(HEADING::matcher)
        .filter(heading -> heading.matches() && heading.group(1).length() == level)
        .map(heading -> heading.group(2).replace("`", ""))
        .toList();
  }

  List<Link> links() {
    List<Link> links = new ArrayList<>();
    List<String> prose = prose();
    for (int i = 0; i < prose.size(); i++) {
      int line = i + 1;
      LINK.matcher(CODE.matcher(prose.get(i)).replaceAll("code"))
          .results()
          .forEach(link -> links.add(new Link(line, link.group(1))));
    }
    return links;
  }

  /// The lines, with those of fenced blocks blank.
  private List<String> prose() {
    List<String> prose = new ArrayList<>(lines);
    for (Block block : blocks()) {
      for (int i = block.line() - 1; i < Math.min(block.end(), prose.size()); i++) {
        prose.set(i, "");
      }
    }
    return prose;
  }

  private static String slug(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
        .replace(' ', '-');
  }
}
