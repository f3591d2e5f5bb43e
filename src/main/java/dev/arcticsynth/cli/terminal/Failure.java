package dev.arcticsynth.cli.terminal;

import dev.arcticsynth.api.model.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Why a command fails: the message for the user, and the exit code.
public abstract sealed class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private Failure(String message) {
    super(message, null, false, false);
  }

  public abstract ExitCode exitCode();

  /// What to print, the main sentence first.
  public List<String> lines() {
    return List.of(sentence());
  }

  public final String sentence() {
    return String.valueOf(getMessage());
  }

  /// A usage error: an option, a file, a name.
  public static final class Usage extends Failure {
    private static final long serialVersionUID = 1L;

    public Usage(String message) {
      super(message);
    }

    @Override
    public ExitCode exitCode() {
      return ExitCode.USAGE;
    }
  }

  /// The server refused the call.
  public static final class Refused extends Failure {
    private static final long serialVersionUID = 1L;

    private static final Pattern LINE = Pattern.compile("\\bline (\\d{1,18})\\b");

    private final transient Problem problem;

    public Refused(Problem problem) {
      super(problem.title() + ": " + problem.detail());
      this.problem = problem;
    }

    /// The same with places instead of lines.
    ///
    /// @param place what to call a line
    public Refused at(LongFunction<String> place) {
      List<Problem.Entry> errors =
          problem.errors().stream().map(entry -> at(place, entry)).toList();
      return new Refused(
          new Problem(
              problem.type(),
              problem.title(),
              problem.status(),
              problem.detail(),
              problem.instance(),
              errors,
              problem.errorsTotal()));
    }

    private static Problem.Entry at(LongFunction<String> place, Problem.Entry entry) {
      Long line = entry.line();
      if (line == null) {
        return entry;
      }
      String detail =
          LINE.matcher(entry.detail())
              .replaceAll(
                  other -> Matcher.quoteReplacement(place.apply(Long.parseLong(other.group(1)))));
      return new Problem.Entry(null, place.apply(line), entry.code(), detail);
    }

    public int status() {
      return problem.status();
    }

    /// The same call is in progress, from an earlier attempt or another process.
    public boolean isUnderWay() {
      return problem.type().endsWith("/idempotency-in-progress");
    }

    @Override
    public ExitCode exitCode() {
      return ExitCode.USAGE;
    }

    @Override
    public List<String> lines() {
      Stream<String> errors = problem.errors().stream().map(Refused::line);
      return Stream.of(Stream.of(sentence()), errors, more()).flatMap(lines -> lines).toList();
    }

    private static String line(Problem.Entry entry) {
      String where =
          entry.line() != null
              ? "line " + entry.line() + ": "
              : entry.pointer() != null ? entry.pointer() + ": " : "";
      return "  " + where + entry.detail() + " (" + entry.code() + ")";
    }

    private Stream<String> more() {
      Long total = problem.errorsTotal();
      long unsaid = total == null ? 0 : total - problem.errors().size();
      return unsaid > 0 ? Stream.of("  and " + Formats.number(unsaid) + " more") : Stream.empty();
    }
  }

  /// The server cannot be reached, or is not able to answer.
  public static final class Unreachable extends Failure {
    private static final long serialVersionUID = 1L;

    private final boolean passing;
    private final transient Optional<Duration> retryAfter;

    /// @param passing whether a retry may succeed
    /// @param retryAfter the server's Retry-After
    public Unreachable(String message, boolean passing, Optional<Duration> retryAfter) {
      super(message);
      this.passing = passing;
      this.retryAfter = retryAfter;
    }

    public static Unreachable forNow(String message) {
      return new Unreachable(message, true, Optional.empty());
    }

    public static Unreachable forGood(String message) {
      return new Unreachable(message, false, Optional.empty());
    }

    public boolean isPassing() {
      return passing;
    }

    public Optional<Duration> retryAfter() {
      return retryAfter;
    }

    @Override
    public ExitCode exitCode() {
      return ExitCode.UNREACHABLE;
    }
  }
}
