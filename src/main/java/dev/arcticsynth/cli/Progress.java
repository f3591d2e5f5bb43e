package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;

/// Shows how far a task is.
interface Progress extends AutoCloseable {

  void show(TaskView task);

  @Override
  void close();

  /// Shows nothing: for `--quiet`.
  static Progress silent() {
    return new Progress() {
      @Override
      public void show(TaskView task) {}

      @Override
      public void close() {}
    };
  }
}
