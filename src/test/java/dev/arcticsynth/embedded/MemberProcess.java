package dev.arcticsynth.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;

/// Another process of the same user that joins the server of a home.
final class MemberProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final BufferedReader output;

  private MemberProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  static MemberProcess join(Path home) throws IOException {
    return start("join", home);
  }

  static MemberProcess lock(Path file) throws IOException {
    return start("lock", file);
  }

  private static MemberProcess start(String what, Path path) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                TestMember.class.getName(),
                what,
                path.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    return new MemberProcess(process);
  }

  /// Blocks until it has joined. Its JDBC URL.
  String says() throws IOException {
    return output.readLine();
  }

  void leave() throws IOException, InterruptedException {
    process.getOutputStream().close();
    assertThat(process.waitFor(PATIENCE)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(PATIENCE)).isTrue();
  }

  /// Gone, or a zombie in a container without a process that reaps orphans.
  static void awaitEndOf(long pid) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ProcessHandle.of(pid).flatMap(p -> p.info().command()).isEmpty());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
