package dev.arcticsynth.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A process of the lab's own: only these are ever sent a signal.
public final class LabProcess {

  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

  static {
    // An interrupted run leaves no process behind.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly)));
  }

  private final String name;
  private final Process process;
  private final Path log;

  private LabProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  static LabProcess start(
      String name, List<String> command, Map<String, String> variables, Path log) {
    try {
      var builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log.toFile()));
      builder
          .environment()
          .keySet()
          .removeIf(key ->
              key.startsWith("OPENAI_") || key.startsWith("ARCTIC_") || key.startsWith("PG"));
      builder.environment().putAll(variables);
      Process started = builder.start();
      boolean _ = STARTED.add(started);
      return new LabProcess(name, started, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  public Path log() {
    return log;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// `KILL`, `STOP`, `CONT`, `TERM` …
  public void signal(String signal) {
    if (!process.isAlive()) {
      return;
    }
    try {
      int _ = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Polling.interrupted(e);
    }
  }

  public boolean exits(Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw Polling.interrupted(e);
    }
  }

  public void kill() {
    signal("CONT");
    process.destroyForcibly();
    boolean _ = exits(Duration.ofSeconds(30));
  }

  boolean says(String text) {
    try {
      return Files.readString(log).contains(text);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return name + "(" + pid() + ")";
  }
}
