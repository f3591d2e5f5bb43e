package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;

/// For `--quiet`.
final class SilentProgress implements Progress {
  @Override
  public void show(TaskView task) {}

  @Override
  public void close() {}
}
