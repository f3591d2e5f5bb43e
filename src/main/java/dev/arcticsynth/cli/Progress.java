package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;

/// Shows how far a task is.
interface Progress extends AutoCloseable {

  void show(TaskView task);

  @Override
  void close();
}
