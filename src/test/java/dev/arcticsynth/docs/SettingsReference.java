package dev.arcticsynth.docs;

import dev.arcticsynth.docs.SettingsSource.Method;
import dev.arcticsynth.docs.SettingsSource.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The tables of `docs/configuration.md`, one a prefix, from the interfaces that map settings.
final class SettingsReference {

  /// Of `@WithDefault`: `${arctic.lease:120s}` is 120s, unless `arctic.lease` is set.
  private record Default(List<String> names, String value) {
    static Default of(String text) {
      List<String> names = new ArrayList<>();
      String rest = text;
      while (rest.startsWith("${") && rest.endsWith("}")) {
        int colon = rest.indexOf(':');
        names.add(rest.substring(2, colon));
        rest = rest.substring(colon + 1, rest.length() - 1);
      }
      return new Default(names, rest);
    }
  }

  private static final Pattern CONTAINER = Pattern.compile("(Optional|List|Set)<(.*)>");
  private static final Pattern MAP = Pattern.compile("Map<String, ?(.*)>");
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("Duration", "duration"),
          Map.entry("Path", "path"),
          Map.entry("URI", "URL"),
          Map.entry("String", "text"),
          Map.entry("boolean", "`true`, `false`"),
          Map.entry("int", "number"),
          Map.entry("Integer", "number"),
          Map.entry("long", "number"),
          Map.entry("Long", "number"));

  private final SettingsSource source;

  SettingsReference(SettingsSource source) {
    this.source = source;
  }

  String tables() {
    var text = new StringBuilder();
    source.mappings().forEach((prefix, mappings) -> section(text, prefix, mappings));
    return text.toString();
  }

  private void section(StringBuilder text, String prefix, List<Type> mappings) {
    text.append("## ").append(prefix).append("\n\n");
    mappings.stream()
        .flatMap(mapping -> intros(mapping).stream())
        .filter(doc -> !doc.isEmpty())
        .forEach(doc -> text.append(wrapped(doc)).append("\n\n"));
    text.append("| setting | type | default | meaning |\n|---|---|---|---|\n");
    mappings.forEach(mapping -> rows(text, prefix, mapping));
    text.append('\n');
  }

  /// A mapping that is nothing but a map says less than what it maps to.
  private List<String> intros(Type mapping) {
    return mapping.methods().stream()
        .filter(method -> method.annotations().containsKey("WithParentName"))
        .map(method -> group(element(method.type())).doc())
        .findFirst()
        .map(List::of)
        .orElse(List.of(mapping.doc()));
  }

  private void rows(StringBuilder text, String prefix, Type type) {
    for (Method method : type.methods()) {
      boolean isParent = method.annotations().containsKey("WithParentName");
      String name = isParent ? prefix : prefix + "." + nameOf(method);
      Optional<Type> group =
          source.type(element(method.type())).filter(found -> found.constants().isEmpty());
      if (group.isPresent()) {
        boolean isMap = MAP.matcher(method.type()).matches();
        if (!isParent && !group.get().doc().isEmpty()) {
          row(text, "`" + name + ".…`", "", "", group.get().doc());
        }
        rows(text, isMap ? name + ".<name>" : name, group.get());
      } else {
        setting(text, name, method);
      }
    }
  }

  private void setting(StringBuilder text, String name, Method method) {
    Default def = Default.of(method.annotations().getOrDefault("WithDefault", ""));
    boolean isMap = MAP.matcher(method.type()).matches();
    var names = new StringBuilder("`" + name + (isMap ? ".\"<key>\"" : "") + "`");
    if (!isMap) {
      names.append("<br>`").append(variable(name)).append('`');
    }
    for (String other : def.names()) {
      names.append("<br>or `").append(other).append('`');
    }
    row(
        text,
        names.toString(),
        typeOf(method.type()),
        def.value().isEmpty() ? "–" : "`" + def.value() + "`",
        method.doc());
  }

  private static void row(StringBuilder text, String name, String type, String def, String doc) {
    text.append("| %s | %s | %s | %s |\n".formatted(name, type, def, cell(doc)));
  }

  private String typeOf(String type) {
    var container = CONTAINER.matcher(type);
    if (container.matches()) {
      String inner = typeOf(container.group(2));
      return container.group(1).equals("Optional") ? inner : "list of " + inner;
    }
    var map = MAP.matcher(type);
    if (map.matches()) {
      return typeOf(map.group(1)) + ", by key";
    }
    return source
        .type(type)
        .map(found ->
            found.constants().stream()
                .map(constant -> "`" + constant.toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                .collect(Collectors.joining(", ")))
        .or(() -> Optional.ofNullable(TYPES.get(type)))
        .orElseThrow(() -> new AssertionError("No word for the type " + type));
  }

  private static String element(String type) {
    var map = MAP.matcher(type);
    var container = CONTAINER.matcher(type);
    String inner = map.matches() ? map.group(1) : container.matches() ? container.group(2) : type;
    return inner.substring(inner.lastIndexOf('.') + 1);
  }

  private Type group(String name) {
    return source.type(name).orElseThrow(() -> new AssertionError("No source of " + name));
  }

  private static String nameOf(Method method) {
    return method.annotations().getOrDefault("WithName", kebab(method.name()));
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String variable(String name) {
    return name.replace("<name>", "\0")
        .replaceAll("[^A-Za-z0-9\0]", "_")
        .toUpperCase(Locale.ROOT)
        .replace("\0", "<NAME>");
  }

  /// One line, with links to members as the names of settings.
  private static String cell(String doc) {
    String line = doc.replaceAll("\\s+", " ").replace("|", "\\|").strip();
    return Pattern.compile("\\[#(\\w+)\\]")
        .matcher(line)
        .replaceAll(link -> "`" + kebab(link.group(1)) + "`");
  }

  private static String wrapped(String doc) {
    var text = new StringBuilder();
    for (String paragraph : doc.split("\n\\s*\n")) {
      int column = 0;
      text.append(text.isEmpty() ? "" : "\n\n");
      for (String word : cell(paragraph).split(" ")) {
        if (column > 0 && column + 1 + word.length() > 100) {
          text.append('\n');
          column = 0;
        } else if (column > 0) {
          text.append(' ');
          column++;
        }
        text.append(word);
        column += word.length();
      }
    }
    return text.toString();
  }
}
