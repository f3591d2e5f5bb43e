package dev.arcticsynth.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a page shows of an answer, compared with the answer itself.
///
/// `…` stands for what is left out: a value, part of a text, the other members of an object, the
/// other elements of an array, the other lines. Members that are not left out must all be shown.
/// Times, and ids that the service or the simulator makes up, only need the same form. The ids of a
/// page keep their meaning: once one is seen to stand for an id of the run, it stands for that one
/// in all that follows.
final class ShownAnswer {
  static final String ELISION = "…";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
  private static final List<Pattern> IDS =
      List.of(
          Pattern.compile("file-[0-9a-f]{22}"),
          Pattern.compile("file-[0-9a-f]{22}o"),
          Pattern.compile("batch_[0-9a-f]{22}"),
          Pattern.compile("msg_[0-9a-f]{32}"));

  private final Map<String, String> ids = new HashMap<>();
  private final List<String> differences = new ArrayList<>();

  /// The line of a page with the ids of this run.
  String withIds(String line) {
    String text = line;
    for (var id : ids.entrySet()) {
      text = text.replace(id.getKey(), id.getValue());
    }
    return text;
  }

  /// Empty when they agree.
  List<String> differences(String language, String shown, String actual) {
    differences.clear();
    switch (language) {
      case "json" -> compareJson(shown, actual);
      case "http" -> compareHttp(shown, actual);
      default -> compareLines(shown.lines().toList(), actual.lines().toList());
    }
    return List.copyOf(differences);
  }

  private void compareHttp(String shown, String actual) {
    String[] wanted = shown.split("\n\n", 2);
    String[] got = actual.replace("\r\n", "\n").split("\n\n", 2);
    List<String> headers = got[0].lines().toList();
    for (String line : wanted[0].lines().toList()) {
      if (!line.equals(ELISION) && headers.stream().noneMatch(header -> isHeader(line, header))) {
        differences.add("no line '%s' in %s".formatted(line, headers));
      }
    }
    if (wanted.length == 2) {
      compareJson(wanted[1], got.length == 2 ? got[1] : "");
    }
  }

  private boolean isHeader(String shown, String actual) {
    String[] wanted = shown.split(": ", 2);
    String[] got = actual.split(": ", 2);
    return wanted.length == got.length
        && wanted[0].equals(got[0])
        && (wanted.length == 1 || agree(wanted[1], got[1]));
  }

  private void compareLines(List<String> shown, List<String> actual) {
    int next = 0;
    for (String line : shown) {
      if (line.equals(ELISION)) {
        continue;
      }
      while (next < actual.size() && !agree(line, actual.get(next))) {
        next++;
      }
      if (next == actual.size()) {
        differences.add(
            "no line '%s', in this order, in:\n%s".formatted(line, String.join("\n", actual)));
        return;
      }
      next++;
    }
  }

  private void compareJson(String shown, String actual) {
    try {
      Iterator<JsonNode> wanted = values(strict(shown));
      Iterator<JsonNode> got = values(actual);
      for (int n = 1; wanted.hasNext(); n++) {
        JsonNode value = wanted.next();
        if (value.asText().equals(ELISION)) {
          return;
        }
        if (!got.hasNext()) {
          differences.add("value %d is not there: %s".formatted(n, actual));
          return;
        }
        compare("", value, got.next());
      }
      if (got.hasNext()) {
        differences.add("more values than shown: " + got.next());
      }
    } catch (IOException | RuntimeException e) {
      differences.add("no JSON: %s\n%s\n%s".formatted(e.getMessage(), shown, actual));
    }
  }

  private static Iterator<JsonNode> values(String text) throws IOException {
    return JSON.readerFor(JsonNode.class).readValues(text);
  }

  private void compare(String at, JsonNode shown, JsonNode actual) {
    if (shown.isTextual() && shown.textValue().equals(ELISION)) {
      return;
    }
    if (shown.isObject() && actual.isObject()) {
      shown.properties().stream()
          .filter(member -> !member.getKey().equals(ELISION))
          .forEach(member ->
              compare(at + "/" + member.getKey(), member.getValue(), actual.path(member.getKey())));
      if (!shown.has(ELISION)) {
        actual
            .fieldNames()
            .forEachRemaining(name -> {
              if (!shown.has(name)) {
                differences.add("%s/%s is not shown".formatted(at, name));
              }
            });
      }
    } else if (shown.isArray() && actual.isArray()) {
      boolean isCut = !shown.isEmpty() && shown.get(shown.size() - 1).asText().equals(ELISION);
      int size = isCut ? shown.size() - 1 : shown.size();
      if (actual.size() < size || !isCut && actual.size() > size) {
        differences.add("%s has %d elements: %s".formatted(at, actual.size(), actual));
      }
      for (int i = 0; i < Math.min(size, actual.size()); i++) {
        compare(at + "/" + i, shown.get(i), actual.get(i));
      }
    } else if (shown.isTextual() && actual.isTextual()) {
      if (!agree(shown.textValue(), actual.textValue())) {
        differences.add("%s is %s, not %s".formatted(at, actual, shown));
      }
    } else if (!shown.equals(actual)) {
      differences.add(
          "%s is %s, not %s".formatted(at, actual.isMissingNode() ? "missing" : actual, shown));
    }
  }

  /// Whether two texts are the same but for times, ids, and what is left out.
  private boolean agree(String shown, String actual) {
    if (Stream.of(shown, actual).allMatch(TIME.asMatchPredicate())) {
      return true;
    }
    for (Pattern id : IDS) {
      if (Stream.of(shown, actual).allMatch(id.asMatchPredicate())) {
        return ids.computeIfAbsent(shown, _ -> actual).equals(actual);
      }
    }
    String literal = TIME.matcher(shown).replaceAll(ELISION);
    var pattern = new StringBuilder();
    for (String part : withIds(literal).split(ELISION, -1)) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(actual).matches();
  }

  /// Makes JSON of a shown text: a bare `…` becomes a member, an element or a value.
  private static String strict(String shown) {
    var text = new StringBuilder();
    Deque<Character> open = new ArrayDeque<>();
    boolean isText = false;
    char before = ' ';
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (isText) {
        text.append(c);
        if (c == '\\') {
          text.append(shown.charAt(++i));
        }
        isText = c != '"';
      } else if (c == ELISION.charAt(0)) {
        boolean isMember = !open.isEmpty() && open.peek() == '{' && before != ':';
        text.append(isMember ? "\"…\":\"…\"" : "\"…\"");
      } else {
        text.append(c);
        isText = c == '"';
        if (c == '{' || c == '[') {
          open.push(c);
        } else if (c == '}' || c == ']') {
          open.pop();
        }
      }
      before = Character.isWhitespace(c) ? before : c;
    }
    return text.toString();
  }
}
