package dev.arcticsynth.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// The types of the main sources that hold settings, with their Javadoc, wherever they are.
final class SettingsSource {

  /// @param name simple
  /// @param constants of an enum
  record Type(
      String name,
      String doc,
      List<Method> methods,
      List<String> constants,
      Optional<String> prefix) {}

  /// @param type as the source writes it, without annotations
  record Method(String name, String type, String doc, Map<String, String> annotations) {}

  /// A setting that is injected by itself.
  record Injected(String name, Optional<String> defaultValue) {}

  private final Map<String, Type> types = new HashMap<>();
  private final List<Type> mappings = new ArrayList<>();
  private final List<Injected> injected = new ArrayList<>();

  static SettingsSource of(Path root) throws IOException {
    List<Path> files;
    try (var walk = Files.walk(root)) {
      files = walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      var source = new SettingsSource();
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        source.new Reader(docs).scan(unit, null);
      }
      return source;
    }
  }

  /// By prefix; those of one prefix in the order of their files.
  Map<String, List<Type>> mappings() {
    Map<String, List<Type>> byPrefix = new java.util.TreeMap<>();
    for (Type mapping : mappings) {
      byPrefix.computeIfAbsent(mapping.prefix().orElseThrow(), _ -> new ArrayList<>()).add(mapping);
    }
    return byPrefix;
  }

  Optional<Type> type(String simpleName) {
    return Optional.ofNullable(types.get(simpleName));
  }

  List<Injected> injected() {
    return List.copyOf(injected);
  }

  private final class Reader extends TreePathScanner<Void, Void> {
    private final DocTrees docs;

    Reader(DocTrees docs) {
      this.docs = docs;
    }

    @Override
    public Void visitClass(ClassTree tree, Void none) {
      Map<String, Map<String, String>> annotations = annotations(tree.getModifiers());
      var type =
          new Type(
              tree.getSimpleName().toString(),
              doc(getCurrentPath()),
              tree.getKind() == Tree.Kind.INTERFACE ? methods(tree) : List.of(),
              tree.getKind() == Tree.Kind.ENUM ? constants(tree) : List.of(),
              Optional.ofNullable(annotations.get("ConfigMapping"))
                  .map(values -> values.get("prefix")));
      if (type.prefix().isPresent()) {
        mappings.add(type);
      }
      if (!type.methods().isEmpty() || !type.constants().isEmpty()) {
        // Where a name occurs twice, the type that holds settings counts: others are not asked for.
        types.merge(type.name(), type, (a, b) -> isSettings(a) ? a : b);
      }
      return super.visitClass(tree, none);
    }

    @Override
    public Void visitVariable(VariableTree tree, Void none) {
      Map<String, String> property = annotations(tree.getModifiers()).get("ConfigProperty");
      if (property != null && property.containsKey("name")) {
        injected.add(
            new Injected(property.get("name"), Optional.ofNullable(property.get("defaultValue"))));
      }
      return super.visitVariable(tree, none);
    }

    private List<Method> methods(ClassTree tree) {
      List<Method> methods = new ArrayList<>();
      for (Tree member : tree.getMembers()) {
        if (member instanceof MethodTree method
            && method.getParameters().isEmpty()
            && method.getBody() == null
            && !method.getModifiers().getFlags().contains(Modifier.STATIC)) {
          Map<String, String> values = new LinkedHashMap<>();
          annotations(method.getModifiers())
              .forEach((name, its) -> values.put(name, its.getOrDefault("value", "")));
          methods.add(
              new Method(
                  method.getName().toString(),
                  method.getReturnType().toString().replaceAll("@\\w+(\\(\\))? ?", ""),
                  doc(new TreePath(getCurrentPath(), method)),
                  values));
        }
      }
      return methods;
    }

    private String doc(TreePath path) {
      String text = docs.getDocComment(path);
      return text == null ? "" : text.strip();
    }
  }

  private static boolean isSettings(Type type) {
    return !type.constants().isEmpty()
        || type.methods().stream().anyMatch(method -> method.type().startsWith("Optional<"));
  }

  private static List<String> constants(ClassTree tree) {
    return tree.getMembers().stream()
        .filter(VariableTree.class::isInstance)
        .map(VariableTree.class::cast)
        .filter(field -> String.valueOf(field.getInitializer()).startsWith("new "))
        .filter(field -> String.valueOf(field.getType()).equals(tree.getSimpleName().toString()))
        .map(field -> field.getName().toString())
        .toList();
  }

  /// The values of annotations that are literals, by simple name.
  private static Map<String, Map<String, String>> annotations(ModifiersTree modifiers) {
    Map<String, Map<String, String>> found = new HashMap<>();
    for (AnnotationTree annotation : modifiers.getAnnotations()) {
      Map<String, String> values = new HashMap<>();
      for (ExpressionTree argument : annotation.getArguments()) {
        if (argument instanceof AssignmentTree assignment
            && assignment.getExpression() instanceof LiteralTree literal) {
          values.put(assignment.getVariable().toString(), String.valueOf(literal.getValue()));
        } else if (argument instanceof LiteralTree literal) {
          values.put("value", String.valueOf(literal.getValue()));
        }
      }
      String type = annotation.getAnnotationType().toString();
      found.put(type.substring(type.lastIndexOf('.') + 1), values);
    }
    return found;
  }
}
