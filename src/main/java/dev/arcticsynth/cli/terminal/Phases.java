package dev.arcticsynth.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// Says what a command is doing where that takes longer than half a second: by a line that moves on
/// a terminal, by one line a phase elsewhere.
///
/// A phase begins and ends on the command's own thread, one at a time.
public final class Phases {
  private static final Duration SILENT = Duration.ofMillis(500);
  private static final Duration REDRAWN = Duration.ofMillis(200);
  private static final String WHEEL = "|/-\\";

  /// While it is open, the command is busy with one thing.
  public interface Phase extends AutoCloseable {
    @Override
    void close();
  }

  private final Optional<Terminal> moving;
  private final Consumer<String> lines;
  private final InstantSource time;
  private final Function<Runnable, Phase> beside;
  private Optional<Running> running = Optional.empty();

  /// @param moving where a person looks
  /// @param beside calls again and again, until it is closed, what shows a phase
  Phases(
      Optional<Terminal> moving,
      Consumer<String> lines,
      InstantSource time,
      Function<Runnable, Phase> beside) {
    this.moving = moving;
    this.lines = lines;
    this.time = time;
    this.beside = beside;
  }

  public static Phases of(Terminal terminal, Consumer<String> lines, InstantSource time) {
    return new Phases(
        Optional.of(terminal).filter(Terminal::isInteractive), lines, time, Phases::redrawing);
  }

  public static Phases silent() {
    return new Phases(Optional.empty(), _ -> {}, InstantSource.system(), _ -> () -> {});
  }

  /// @param what without an end: `Starting the service`
  public synchronized Phase begin(String what) {
    var phase = new Running(what, time.instant());
    running = Optional.of(phase);
    Phase showing = beside.apply(this::show);
    return () -> {
      showing.close();
      end(phase);
    };
  }

  /// What is to be seen now.
  synchronized void show() {
    running.ifPresent(phase -> {
      Duration waited = Duration.between(phase.begun, time.instant());
      if (waited.compareTo(SILENT) >= 0) {
        moving.ifPresentOrElse(
            terminal ->
                terminal.draw(
                    "%c %s … %d s".formatted(phase.turn(), phase.what, waited.toSeconds())),
            () -> phase.once(lines));
      }
    });
  }

  private synchronized void end(Running phase) {
    if (running.filter(current -> current == phase).isPresent()) {
      running = Optional.empty();
      if (phase.turns > 0) {
        moving.ifPresent(Terminal::wipe);
      }
    }
  }

  private static Phase redrawing(Runnable show) {
    var timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("phase").factory());
    var _ =
        timer.scheduleWithFixedDelay(
            show, SILENT.toMillis(), REDRAWN.toMillis(), TimeUnit.MILLISECONDS);
    return () -> {
      var _ = timer.shutdownNow();
    };
  }

  private static final class Running {
    private final String what;
    private final Instant begun;
    private int turns;

    private Running(String what, Instant begun) {
      this.what = what;
      this.begun = begun;
    }

    private char turn() {
      return WHEEL.charAt(turns++ % WHEEL.length());
    }

    private void once(Consumer<String> lines) {
      if (turns++ == 0) {
        lines.accept(what + " …");
      }
    }
  }
}
