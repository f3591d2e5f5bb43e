package dev.arcticsynth.cli.terminal;

import dev.arcticsynth.api.model.TaskView;

/// Shows how far a task is.
public interface ProgressDisplay extends AutoCloseable {

  void show(TaskView task);

  @Override
  void close();

  /// Shows nothing: for `--quiet`.
  static ProgressDisplay silent() {
    return new ProgressDisplay() {
      @Override
      public void show(TaskView task) {}

      @Override
      public void close() {}
    };
  }
}
