package dev.arcticsynth.embedded;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs PostgreSQL's programs in our folder; their output goes to the server's log.
final class Commands {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /// `pg_ctl` has a timeout of its own, with a better message.
  private static final Duration LONGER = PATIENCE.plusSeconds(10);

  private final Layout layout;
  private final Binaries binaries;

  Commands(Layout layout, Binaries binaries) {
    this.layout = layout;
    this.binaries = binaries;
  }

  void initdb(Path data) {
    ServerLog log = ServerLog.fromHere(layout);
    int exit =
        run(
            "",
            binaries.program("initdb"),
            "--pgdata=" + relative(data),
            "--username=" + Server.USER,
            "--pwfile=" + relative(layout.password()),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions");
    if (exit != 0) {
      throw log.failure("PostgreSQL could not create its data in " + layout.root());
    }
  }

  /// In single-user mode, before the data is moved into place: then there is never one without the
  /// other.
  void createDatabase(Path data) {
    ServerLog log = ServerLog.fromHere(layout);
    int exit =
        run(
            "create database " + Server.DATABASE + "\n",
            binaries.program("postgres"),
            "--single",
            "-c",
            "exit_on_error=on", // else it reports success whatever happened
            "-D",
            relative(data),
            "postgres");
    if (exit != 0) {
      throw log.failure("PostgreSQL could not create its database in " + layout.root());
    }
  }

  /// `pg_ctl` puts the server into a session of its own (setsid): it outlives us, and Ctrl-C in our
  /// terminal does not reach it.
  boolean start() {
    return pgCtl("start", "--log=" + relative(layout.log()));
  }

  boolean stop() {
    return pgCtl("stop", "--mode=fast");
  }

  private boolean pgCtl(String action, String option) {
    int exit =
        run(
            "",
            binaries.program("pg_ctl"),
            action,
            option,
            "--pgdata=" + relative(layout.data()),
            "--wait",
            "--timeout=" + PATIENCE.toSeconds(),
            "--silent");
    return exit == 0;
  }

  /// `pg_ctl` hands paths to a shell between double quotes: the shorter they are, the less can go
  /// wrong.
  private String relative(Path path) {
    return layout.root().relativize(path).toString();
  }

  private int run(String input, String... command) {
    try {
      Process process = builder(command).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (process.waitFor(LONGER)) {
        return process.exitValue();
      }
      process.destroyForcibly();
      return -1;
    } catch (IOException e) {
      throw new EmbeddedPostgresException(
          "Cannot run " + command[0] + " (" + e + "). May programs be run from this folder?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException("Interrupted while PostgreSQL was at work.", e);
    }
  }

  private ProcessBuilder builder(String... command) {
    ProcessBuilder builder =
        new ProcessBuilder(withoutRoot(command))
            .directory(layout.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(layout.log().toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C"); // Server reads the log
    return builder;
  }

  /// PostgreSQL refuses to run as root. In a user namespace of its own it is still root's process
  /// to the kernel, with root's files, but it has another number and no powers.
  private static List<String> withoutRoot(String... command) {
    List<String> words = new ArrayList<>();
    if (LinuxUtils.isUnshareAvailable()) { // which is asked for root only
      words.addAll(List.of("unshare", "-U"));
    } else if (isRoot()) {
      throw new EmbeddedPostgresException(
          "PostgreSQL does not run as root, and this machine has no user namespaces (unshare -U)"
              + " to hide that. Run this as an ordinary user"
              + EmbeddedPostgresException.USE_ANOTHER_DATABASE);
    }
    words.addAll(List.of(command));
    return words;
  }

  private static boolean isRoot() {
    return ProcessHandle.current().info().user().filter("root"::equals).isPresent();
  }
}
