package dev.arcticsynth.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a checkout of its own, where a Maven is played that builds in no time: when it
/// builds, what it says, and what it starts.
class FirstStartIT {
  private record Ended(int code, String out, String err) {}

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// Says what it is called with and how its JVM was; `wait` waits for the file that it names.
  private static final String PROGRAM =
      """
      package dev.arcticsynth.cli;
      public class Main {
        public static void main(String[] args) throws Exception {
          String cached = java.lang.management.ManagementFactory.getRuntimeMXBean()
              .getInputArguments().stream().filter(a -> a.startsWith("-XX:AOTCache="))
              .map(a -> a.replaceFirst(".*/([a-z]+)-.*", " by $1")).findFirst().orElse("");
          System.out.println("program " + String.join(" ", args) + cached);
          if (args.length > 1 && args[0].equals("wait")) {
            while (!java.nio.file.Files.exists(java.nio.file.Path.of(args[1]))) Thread.sleep(20);
            System.out.println(Later.class.getSimpleName() + " loaded");
          }
        }
      }
      class Later {}
      """;

  /// Notes each build; leaves what Quarkus leaves; fails where there is a file `broken`.
  private static final String MAVEN =
      """
      #!/bin/sh
      set -eu
      root=$(dirname "$0")
      echo built >>"$root/builds"
      echo '[INFO] Scanning for projects...'
      echo '[INFO] --- compiler:3.14.1:compile (default-compile) @ arctic-synth ---'
      if [ -f "$root/broken" ]; then
        echo '[ERROR] COMPILATION ERROR :'
        echo '[ERROR] Task.java:[3,5] cannot find symbol'
        echo '[ERROR] Re-run Maven using the -X switch to enable full debug logging.'
        exit 1
      fi
      for word; do case $word in -Dapp-only=*) folder=${word#*=} ;; esac; done
      mkdir -p "$folder"
      cp -R "$root/program" "$folder/quarkus-app"
      """;

  @TempDir Path root;

  @BeforeEach
  void checkout() throws IOException {
    Files.createDirectories(root.resolve("deploy"));
    for (String file :
        List.of(
            "arctic-synth",
            "deploy/find-jdk.sh",
            "deploy/builds.sh",
            "deploy/build-app",
            "deploy/train-app")) {
      Files.copy(Path.of(file), root.resolve(file));
      assertThat(root.resolve(file).toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(root.resolve("mvnw"), MAVEN);
    assertThat(root.resolve("mvnw").toFile().setExecutable(true)).isTrue();
    Files.writeString(
        root.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n</project>\n");
    Files.createDirectories(root.resolve("src/main/java"));
    Files.writeString(root.resolve("src/main/java/Task.java"), "");
    Files.writeString(root.resolve("src/main/java/Other.java"), "");
    program(root.resolve("program"));
  }

  @Test
  void the_first_start_builds_with_a_line_each_phase_and_the_next_one_starts_at_once()
      throws Exception {
    // When
    Ended first = run("one");
    Ended second = run("two");

    // Then
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).isEqualTo("program one\n");
    assertThat(first.err().lines())
        .allMatch(line -> line.startsWith("arctic-synth: "))
        .anyMatch(line -> line.contains("building once: 20 s"))
        .anyMatch(line -> line.contains("built in "));
    assertThat(first.err()).doesNotContain("\r", "\u001b");
    assertThat(second).isEqualTo(new Ended(0, "program two\n", ""));
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void quiet_builds_silently() throws Exception {
    // When
    Ended ended = run("list", "--quiet");

    // Then
    assertThat(ended).isEqualTo(new Ended(0, "program list --quiet\n", ""));
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void sources_that_were_changed_unpacked_or_removed_are_built_again() throws Exception {
    // Given
    Path source = root.resolve("src/main/java/Task.java");
    Ended _ = run("one");

    // When
    Files.writeString(source, "// changed");
    Ended changed = run("two");
    Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
    Ended unpacked = run("three");
    Files.delete(root.resolve("src/main/java/Other.java"));
    Ended removed = run("four");
    Ended same = run("five");

    // Then
    assertThat(Stream.of(changed, unpacked, removed).map(Ended::err))
        .allMatch(said -> said.contains("building again, the sources have changed"));
    assertThat(same.err()).isEmpty();
    assertThat(builds()).isEqualTo(4);
  }

  @Test
  void a_build_that_fails_shows_why_and_starts_nothing_old() throws Exception {
    // Given
    Ended _ = run("one");
    Files.writeString(root.resolve("broken"), "");
    Files.writeString(root.resolve("src/main/java/Task.java"), "// changed");

    // When
    Ended ended = run("two");

    // Then
    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("Task.java:[3,5] cannot find symbol", "the build failed", "build.log")
        .doesNotContain("Re-run Maven");
  }

  @Test
  void two_starts_at_once_build_once() throws Exception {
    // When
    Process one = start("one", Map.of(), "one");
    Process two = start("two", Map.of(), "two");
    Ended first = end("one", one);
    Ended second = end("two", two);

    // Then
    assertThat(first.code() + second.code()).as(first.err() + second.err()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void what_runs_keeps_its_jars_when_the_next_build_comes() throws Exception {
    // Given
    Path go = root.resolve("go");
    Process running = start("running", Map.of(), "wait", go.toString());
    await()
        .atMost(PATIENCE)
        .until(() -> Files.readString(root.resolve("running.out")).contains("program"));

    // When
    for (int n = 0; n < 3; n++) {
      Files.writeString(root.resolve("src/main/java/Task.java"), "// changed " + n);
      Ended _ = run("again");
    }
    Files.writeString(go, "");
    Ended ended = end("running", running);

    // Then
    assertThat(ended.out()).as(ended.err()).endsWith("Later loaded\n");
    assertThat(builds()).isEqualTo(4);
    assertThat(buildFolders())
        .as("the current one, the one before, and the running one")
        .hasSize(3);
  }

  @Test
  void what_maven_has_packaged_from_these_sources_is_taken_over() throws Exception {
    // Given
    packaged();

    // When
    Ended taken = run("one");
    packaged();
    Ended newer = run("two");
    List<Path> takenOver = buildFolders();
    Files.writeString(root.resolve("src/main/java/Task.java"), "// changed since");
    Ended built = run("three");

    // Then
    assertThat(taken).isEqualTo(new Ended(0, "program one\n", ""));
    assertThat(newer).isEqualTo(new Ended(0, "program two\n", ""));
    assertThat(built.err()).contains("building");
    assertThat(builds()).isEqualTo(1);
    assertThat(takenOver).as("what was packaged again is another build").hasSize(2);
  }

  @Test
  void what_maven_is_half_through_with_is_not_taken_over() throws Exception {
    // Given
    packaged();
    Files.writeString(root.resolve("target/begun/pom.xml"), "begun again");

    // When
    Ended ended = run("one");

    // Then
    assertThat(ended.out()).isEqualTo("program one\n");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void training_leaves_caches_that_later_starts_use() throws Exception {
    // When
    Ended trained = run("now", Map.of("ARCTIC_TRAINING", "now"), "run");
    Ended run = run("run");
    Ended asking = run("list");
    Ended help = run("run", "--help");

    // Then
    assertThat(trained.out()).as(trained.err()).isEqualTo("program run by service\n");
    assertThat(run).isEqualTo(new Ended(0, "program run by service\n", ""));
    assertThat(asking).isEqualTo(new Ended(0, "program list by client\n", ""));
    assertThat(help).isEqualTo(new Ended(0, "program run --help by client\n", ""));
  }

  @Test
  void a_cache_that_does_not_fit_is_skipped_silently() throws Exception {
    // Given
    Ended _ = run("now", Map.of("ARCTIC_TRAINING", "now"), "run");
    Path cache = cache();
    byte[] whole = Files.readAllBytes(cache);
    Path jar = buildFolders().getFirst().resolve("app/program.jar");

    // When
    Ended otherCollector = run("gc", Map.of("ARCTIC_JAVA_OPTS", "-XX:+UseZGC -Xmx64m"), "run");
    Files.write(cache, java.util.Arrays.copyOf(whole, whole.length / 2));
    Ended half = run("run");
    Files.writeString(cache, "not a cache");
    Ended garbage = run("run");
    Files.write(cache, whole);
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
    Ended otherJar = run("run");

    // Then
    assertThat(List.of(otherCollector, half, garbage, otherJar))
        .allMatch(ended -> ended.equals(new Ended(0, "program run by service\n", "")), "as ever");
  }

  @Test
  void without_sources_there_is_nothing_to_compare() throws Exception {
    // Given
    Ended _ = run("one");
    try (Stream<Path> files = Files.walk(root.resolve("src"))) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(FirstStartIT::delete);
    }

    // When
    Ended ended = run("two");

    // Then
    assertThat(ended).isEqualTo(new Ended(0, "program two\n", ""));
    assertThat(builds()).isEqualTo(1);
  }

  private Ended run(String... arguments) throws Exception {
    return run("run", Map.of(), arguments);
  }

  private Ended run(String name, Map<String, String> environment, String... arguments)
      throws Exception {
    return end(name, start(name, environment, arguments));
  }

  private Process start(String name, Map<String, String> environment, String... arguments)
      throws IOException {
    var command = new ArrayList<>(List.of(root.resolve("arctic-synth").toString()));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(root.resolve(name + ".out").toFile())
            .redirectError(root.resolve(name + ".err").toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("ARCTIC_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("ARCTIC_TRAINING", "off");
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Ended end(String name, Process process) throws Exception {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(root.resolve(name + ".out")),
        Files.readString(root.resolve(name + ".err")));
  }

  private long builds() throws IOException {
    Path log = root.resolve("builds");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  private List<Path> buildFolders() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("target/arctic-synth"))) {
      return files.filter(Files::isDirectory).sorted().toList();
    }
  }

  private Path cache() throws IOException {
    try (Stream<Path> files = Files.list(buildFolders().getFirst())) {
      return files
          .filter(file -> file.getFileName().toString().matches("service-.*[.]aot"))
          .findFirst()
          .orElseThrow();
    }
  }

  /// As `./mvnw package` does: notes its begin, and writes the list of dependencies last.
  private void packaged() throws IOException {
    Path begun = Files.createDirectories(root.resolve("target/begun")).resolve("pom.xml");
    Files.writeString(begun, "begun");
    Path app = root.resolve("target/quarkus-app");
    if (!Files.exists(app)) {
      program(app);
    }
    Path list = app.resolve("quarkus-app-dependencies.txt");
    // A file system's clock has its ticks, and a real build takes longer than one.
    do {
      Files.delete(list);
      Files.writeString(list, "packaged");
    } while (Files.getLastModifiedTime(list).compareTo(Files.getLastModifiedTime(begun)) <= 0);
  }

  private static void program(Path app) throws IOException {
    for (String folder : List.of("app", "lib/boot", "lib/main", "quarkus", "classes")) {
      Files.createDirectories(app.resolve(folder));
    }
    Path source = Files.writeString(app.resolve("classes/Main.java"), PROGRAM);
    Path classes = app.resolve("classes");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), source.toString()))
        .isZero();
    List<String> names =
        List.of("dev/arcticsynth/cli/Main.class", "dev/arcticsynth/cli/Later.class");
    jar(app.resolve("app/program.jar"), names, classes);
    for (String jar :
        List.of(
            "lib/boot/boot.jar",
            "lib/main/info.picocli.picocli-1.jar",
            "quarkus/transformed-bytecode.jar",
            "quarkus/generated-bytecode.jar",
            "quarkus-run.jar")) {
      jar(app.resolve(jar), List.of(), classes);
    }
    Files.writeString(app.resolve("quarkus-app-dependencies.txt"), "");
  }

  private static void jar(Path jar, List<String> names, Path classes) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("name"));
      out.write(jar.getFileName().toString().getBytes(UTF_8));
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write(Files.readAllBytes(classes.resolve(name)));
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
