package dev.arcticsynth.support;

import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/// Bundles tests of the service into JUnit suites, which two JVMs take one after another.
///
/// Surefire hands a JVM one class at a time, and Quarkus starts the application again for each
/// class that it is handed. A suite is one class to Surefire and one application to Quarkus, as
/// long as its tests have one profile. So each profile has suites of its own. Which tests there are
/// changes with each commit, so the suites are written as class files and not by hand.
final class TestSuites {

  /// Of the suites, which are called `Suite01` and so on.
  static final String PACKAGE = "dev.arcticsynth.suites";

  /// Each suite costs a start of the application, about four seconds; each class more in the
  /// longest suite delays the end. Seven of the usual ten seconds are a minute.
  private static final int MOST_CLASSES = 7;

  /// @param name with dots
  /// @param profile of the application that it needs, empty for none
  /// @param size of the class file in bytes: a guess of how long it takes, all that is known before
  record Member(String name, String profile, long size) {}

  private TestSuites() {}

  /// Suites of at most [#MOST_CLASSES] tests of one profile, the largest first.
  static List<List<Member>> of(Collection<Member> tests) {
    var longestFirst =
        Comparator.comparingLong(Member::size).reversed().thenComparing(Member::name);
    return tests.stream()
        .sorted(longestFirst)
        .collect(groupingBy(Member::profile))
        .values()
        .stream()
        .flatMap(TestSuites::dealt)
        .sorted(Comparator.comparingLong(TestSuites::size).reversed())
        .toList();
  }

  /// As cards are dealt, so that the long ones are spread.
  private static Stream<List<Member>> dealt(List<Member> members) {
    int suites = Math.ceilDiv(members.size(), MOST_CLASSES);
    var hands = IntStream.range(0, suites).<List<Member>>mapToObj(_ -> new ArrayList<>()).toList();
    for (int i = 0; i < members.size(); i++) {
      hands.get(i % suites).add(members.get(i));
    }
    return hands.stream();
  }

  private static long size(List<Member> suite) {
    return suite.stream().mapToLong(Member::size).sum();
  }

  /// Writes a class for each suite, in place of those that were there.
  ///
  /// @param classes the folder of the compiled tests
  /// @return the names of the classes with slashes; in their alphabetical order the first are the
  ///   first suites
  static List<String> write(List<List<Member>> suites, Path classes) throws IOException {
    Path folder = Files.createDirectories(classes.resolve(PACKAGE.replace('.', '/')));
    try (Stream<Path> before = Files.list(folder)) {
      for (Path file : before.toList()) {
        Files.delete(file);
      }
    }
    var names = new ArrayList<String>();
    for (List<Member> suite : suites) {
      var type = ClassDesc.of("%s.Suite%02d".formatted(PACKAGE, names.size() + 1));
      ClassFile.of()
          .buildTo(
              folder.resolve(type.displayName() + ".class"),
              type,
              written -> written.with(annotations(suite)));
      names.add((type.packageName() + "." + type.displayName()).replace('.', '/'));
    }
    return List.copyOf(names);
  }

  private static RuntimeVisibleAnnotationsAttribute annotations(List<Member> suite) {
    var classes = suite.stream().map(Member::name).map(AnnotationValue::ofString).toList();
    return RuntimeVisibleAnnotationsAttribute.of(
        annotation(Suite.class),
        annotation(
            SelectClasses.class,
            AnnotationElement.of("names", AnnotationValue.ofArray(List.copyOf(classes)))));
  }

  private static Annotation annotation(Class<?> type, AnnotationElement... elements) {
    return Annotation.of(ClassDesc.of(type.getName()), elements);
  }
}
