package dev.arcticsynth.cli.terminal;

import dev.arcticsynth.api.model.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// A line when the state changes, and at most every ten seconds one when the counts do: for logs.
public final class LineProgress implements ProgressDisplay {
  private static final Duration BETWEEN = Duration.ofSeconds(10);

  private final Consumer<String> lines;
  private final Time time;
  private String state = "";
  private String shown = "";
  private Instant shownAt = Instant.MIN;

  public LineProgress(Consumer<String> lines, Time time) {
    this.lines = lines;
    this.time = time;
  }

  @Override
  public void show(TaskView task) {
    String line = TaskRenderer.progress(task);
    boolean due = !shownAt.plus(BETWEEN).isAfter(time.instant());
    if (!task.state().equals(state) || (due && !line.equals(shown))) {
      lines.accept(line);
      state = task.state();
      shown = line;
      shownAt = time.instant();
    }
  }

  @Override
  public void close() {}
}
