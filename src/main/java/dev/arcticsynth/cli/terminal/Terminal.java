package dev.arcticsynth.cli.terminal;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// Where a command prints: answers to `out`, everything about them to `err`.
public final class Terminal {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream err;
  private final OutputStream data;
  private final boolean interactive;
  private final Supplier<Optional<String>> answers;
  private volatile boolean muted;

  /// @param data standard output as bytes, which reports a closed pipe where a `PrintStream` does
  ///   not
  /// @param interactive whether `err` is a terminal, so that a line may be overwritten
  /// @param answers lines that the person types
  public Terminal(
      PrintStream out,
      PrintStream err,
      OutputStream data,
      boolean interactive,
      Supplier<Optional<String>> answers) {
    this.out = out;
    this.err = err;
    this.data = data;
    this.interactive = interactive;
    this.answers = answers;
  }

  static Terminal system() {
    return new Terminal(
        printTo(FileDescriptor.out),
        printTo(FileDescriptor.err),
        new FileOutputStream(FileDescriptor.out),
        isPersonLooking(),
        () -> Optional.ofNullable(System.console()).map(Console::readLine));
  }

  public PrintStream out() {
    return out;
  }

  public PrintStream err() {
    return err;
  }

  public OutputStream data() {
    return data;
  }

  public boolean isInteractive() {
    return interactive;
  }

  public void print(String line) {
    out.println(Formats.harmless(line));
  }

  public void say(String line) {
    if (!muted) {
      err.println((interactive ? CLEAR_LINE : "") + Formats.harmless(line));
    }
  }

  /// A line that the next one overwrites. For an interactive terminal.
  void draw(String line) {
    if (!muted) {
      err.print(CLEAR_LINE + Formats.harmless(line));
      err.flush();
    }
  }

  /// Takes away what was drawn.
  void wipe() {
    draw("");
  }

  /// The user's answer; an empty line where the input ends. Absent without a terminal.
  public Optional<String> ask(String question) {
    if (!interactive) {
      return Optional.empty();
    }
    err.print(Formats.harmless(question));
    err.flush();
    return Optional.of(answers.get().orElse(""));
  }

  /// Prints one more line and then nothing: failures during the shutdown are not reported.
  public void lastWords(String line) {
    say(line);
    muted = true;
  }

  // A container often has no locale and would turn everything but ASCII into question marks.
  private static PrintStream printTo(FileDescriptor descriptor) {
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    Charset charset = windows ? System.out.charset() : StandardCharsets.UTF_8;
    return new PrintStream(new FileOutputStream(descriptor), true, charset);
  }

  private static boolean isPersonLooking() {
    boolean terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return terminal && !isErrRedirected();
  }

  // Console checks standard input and output only; on Linux standard error can be checked too.
  private static boolean isErrRedirected() {
    Path err = Path.of("/proc/self/fd/2");
    try {
      return Files.isSymbolicLink(err) && !Files.readSymbolicLink(err).startsWith("/dev");
    } catch (IOException _) {
      return false;
    }
  }
}
