package dev.arcticsynth.support;

import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Sorts the compiled test classes into [Tier]s by what they are, so that no list is kept by hand.
///
/// It reads class files and loads none: to load a `@QuarkusTest` is to build an application.
final class TestTiers {

  /// The names by which Maven finds a unit test.
  private static final String TEST = "Test";

  /// The names by which Maven finds a test of the packaged program.
  private static final String INTEGRATION_TEST = "IT";

  private static final String QUARKUS_TEST = "Lio/quarkus/test/junit/Quarkus";
  private static final String PROFILE = descriptor(TestProfile.class.getName());
  private static final String TAG = descriptor(Tag.class.getName());
  private static final Set<String> TEST_METHODS =
      Set.of(
          "Lorg/junit/jupiter/api/Test;",
          "Lorg/junit/jupiter/api/TestFactory;",
          "Lorg/junit/jupiter/api/RepeatedTest;",
          "Lorg/junit/jupiter/params/ParameterizedTest;",
          "Lnet/jqwik/api/Property;",
          "Lnet/jqwik/api/Example;",
          "Lcom/tngtech/archunit/junit/ArchTest;");

  private final Map<String, ClassModel> classes;

  /// Of the class files, in bytes.
  private final Map<String, Long> sizes;

  private TestTiers(Map<String, ClassModel> classes, Map<String, Long> sizes) {
    this.classes = classes;
    this.sizes = sizes;
  }

  /// @param folder of compiled test classes
  static TestTiers of(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      var classes = new TreeMap<String, ClassModel>();
      var sizes = new HashMap<String, Long>();
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        var parsed = ClassFile.of().parse(file);
        classes.put(parsed.thisClass().asInternalName(), parsed);
        sizes.put(parsed.thisClass().asInternalName(), Files.size(file));
      }
      return new TestTiers(classes, sizes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The unit tests of each tier. A class of which only some tests are [Tier#WIDE] is in two.
  Map<Tier, Set<String>> sorted() {
    return Arrays.stream(Tier.values())
        .collect(
            Collectors.toMap(
                tier -> tier,
                tier ->
                    classes.keySet().stream()
                        .filter(this::isUnitTest)
                        .filter(name -> tiersOf(name).contains(tier))
                        .collect(Collectors.toCollection(TreeSet::new)),
                (one, _) -> one,
                () -> new EnumMap<>(Tier.class)));
  }

  private Set<Tier> tiersOf(String name) {
    if (lineage(name).stream().anyMatch(TestTiers::isTaggedWide)) {
      return Set.of(Tier.WIDE);
    }
    Tier usual = needsService(name) ? Tier.SERVICE : Tier.PLAIN;
    return members(name).anyMatch(TestTiers::isTaggedWide)
        ? Set.of(usual, Tier.WIDE)
        : Set.of(usual);
  }

  /// The service's tests, with what [TestSuites] needs to bundle them.
  List<TestSuites.Member> serviceTests() {
    return sorted().getOrDefault(Tier.SERVICE, Set.of()).stream()
        .map(name ->
            new TestSuites.Member(
                name.replace('/', '.'), profileOf(name), sizes.getOrDefault(name, 0L)))
        .toList();
  }

  private String profileOf(String name) {
    return lineage(name).stream()
        .flatMap(TestTiers::annotations)
        .filter(annotation -> annotation.className().equalsString(PROFILE))
        .map(profile -> profile.elements().getFirst().value())
        .map(AnnotationValue.OfClass.class::cast)
        .map(profile -> profile.className().stringValue())
        .findFirst()
        .orElseGet(
            () -> lineage(name).stream().anyMatch(TestTiers::isQuarkusTest) ? "default" : "");
  }

  /// Classes with tests that no stage of the build would find, since their names end otherwise.
  /// Those that a system property switches on are asked for by name.
  List<String> neverRun() {
    return classes.keySet().stream()
        .filter(name -> !name.contains("$"))
        .filter(this::isConcrete)
        .filter(name -> !name.endsWith(TEST) && !name.endsWith(INTEGRATION_TEST))
        .filter(name -> ours(name).flatMap(TestTiers::annotations).noneMatch(TestTiers::isSwitch))
        .filter(name -> members(name).anyMatch(TestTiers::isTest))
        .toList();
  }

  /// But for the one that writes the lists.
  private boolean isUnitTest(String name) {
    return name.endsWith(TEST)
        && !name.contains("$")
        && isConcrete(name)
        && !name.equals(internal(TestTiersTest.class.getName()));
  }

  private boolean isConcrete(String name) {
    return ours(name).noneMatch(type -> type.flags().has(AccessFlag.ABSTRACT));
  }

  /// None where the class is not one of these.
  private Stream<ClassModel> ours(String name) {
    return Stream.ofNullable(classes.get(name));
  }

  private boolean needsService(String name) {
    return lineage(name).stream().anyMatch(TestTiers::isQuarkusTest)
        || reachable(name).contains(internal(PostgresForTests.class.getName()));
  }

  /// The class and those above it that are ours.
  private List<ClassModel> lineage(String name) {
    var lineage = new ArrayList<ClassModel>();
    Optional<String> next = Optional.of(name);
    while (next.isPresent()) {
      List<ClassModel> found = ours(next.get()).toList();
      lineage.addAll(found);
      next =
          found.stream()
              .findFirst()
              .flatMap(ClassModel::superclass)
              .map(ClassEntry::asInternalName);
    }
    return List.copyOf(lineage);
  }

  /// Members of the class, its nested classes, those above it and its contracts.
  private Stream<AttributedElement> members(String name) {
    var nested =
        classes.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(name + "$"))
            .map(Map.Entry::getValue);
    var contracts =
        lineage(name).stream()
            .flatMap(type -> type.interfaces().stream())
            .flatMap(entry -> ours(entry.asInternalName()));
    return Stream.of(lineage(name).stream(), nested, contracts)
        .flatMap(types -> types)
        .flatMap(type ->
            Stream.<Collection<? extends AttributedElement>>of(
                    List.of(type), type.methods(), type.fields())
                .flatMap(Collection::stream));
  }

  /// All classes of ours that the class uses, and those that these use, as far as it goes.
  private Set<String> reachable(String name) {
    var seen = new HashSet<String>();
    Deque<String> open = new ArrayDeque<>(List.of(name));
    while (!open.isEmpty()) {
      var type = classes.get(open.removeFirst());
      if (type != null) {
        for (PoolEntry entry : type.constantPool()) {
          if (entry instanceof ClassEntry used && seen.add(used.asInternalName())) {
            open.addLast(used.asInternalName());
          }
        }
      }
    }
    return seen;
  }

  private static boolean isQuarkusTest(AttributedElement element) {
    return annotations(element)
        .anyMatch(annotation -> annotation.className().stringValue().startsWith(QUARKUS_TEST));
  }

  private static boolean isTest(AttributedElement element) {
    return annotations(element)
        .anyMatch(annotation -> TEST_METHODS.contains(annotation.className().stringValue()));
  }

  private static boolean isSwitch(Annotation annotation) {
    return annotation.className().equalsString(descriptor(EnabledIfSystemProperty.class.getName()));
  }

  private static boolean isTaggedWide(AttributedElement element) {
    return annotations(element)
        .filter(annotation -> annotation.className().equalsString(TAG))
        .flatMap(annotation -> annotation.elements().stream())
        .map(AnnotationElement::value)
        .anyMatch(value ->
            value instanceof AnnotationValue.OfString text
                && text.stringValue().equals(Tier.WIDE_TAG));
  }

  private static Stream<Annotation> annotations(AttributedElement element) {
    return element.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
        .flatMap(attribute -> attribute.annotations().stream());
  }

  private static String descriptor(String type) {
    return "L" + internal(type) + ";";
  }

  private static String internal(String type) {
    return type.replace('.', '/');
  }

  /// A pattern a line, as Maven's `includesFile` takes it.
  static String asPatterns(Collection<String> names) {
    return names.stream().map(name -> name + ".java\n").collect(Collectors.joining());
  }
}
