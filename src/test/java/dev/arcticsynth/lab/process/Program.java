package dev.arcticsynth.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Our program as it is packaged, and how to start it quickly: the jars of the fast-jar as one
/// class path, so that the JVM's AOT cache, which knows no other class loaders, holds their classes
/// too.
public final class Program {

  private static final Path APP = Path.of("target", "quarkus-app").toAbsolutePath();
  private static final Path CACHE = Path.of("target", "lab", "program.aot").toAbsolutePath();
  private static final List<String> JVM =
      List.of(
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xmx192m",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

  private final String classPath;

  private Program(String classPath) {
    this.classPath = classPath;
  }

  public static Program packaged() {
    if (!Files.exists(APP)) {
      throw new IllegalStateException(
          "Nothing is packaged in " + APP + "; run ./mvnw package first.");
    }
    var jars = new ArrayList<Path>();
    jars.add(APP.resolve("quarkus/transformed-bytecode.jar"));
    jars.add(APP.resolve("quarkus/generated-bytecode.jar"));
    for (String folder : List.of("app", "lib/boot", "lib/main")) {
      jars.addAll(jars(APP.resolve(folder)));
    }
    return new Program(String.join(":", jars.stream().map(Path::toString).toList()));
  }

  LabProcess start(
      String name,
      Map<String, String> properties,
      Map<String, String> variables,
      Path log,
      String... arguments) {
    List<String> how =
        isTrained()
            ? List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot=off", "-Xlog:cds=off")
            : List.of();
    return start(name, how, properties, variables, log, arguments);
  }

  /// As [#start], by a JVM that writes down what it learns when it ends.
  public Optional<LabProcess> train(
      String name,
      Map<String, String> properties,
      Map<String, String> variables,
      Path log,
      String... arguments) {
    return isTrained()
        ? Optional.empty()
        : Optional.of(
            start(
                name,
                List.of("-XX:AOTCacheOutput=" + CACHE),
                properties,
                variables,
                log,
                arguments));
  }

  /// A cache is good for exactly the jars that it was made with.
  public boolean isTrained() {
    return Files.exists(CACHE)
        && Stream.of("app", "quarkus")
            .flatMap(folder -> jars(APP.resolve(folder)).stream())
            .allMatch(jar -> age(jar).compareTo(age(CACHE)) < 0);
  }

  private static List<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime age(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LabProcess start(
      String name,
      List<String> how,
      Map<String, String> properties,
      Map<String, String> variables,
      Path log,
      String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.addAll(how);
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-cp", classPath, "dev.arcticsynth.cli.Main"));
    command.addAll(List.of(arguments));
    return LabProcess.start(name, command, variables, log);
  }
}
