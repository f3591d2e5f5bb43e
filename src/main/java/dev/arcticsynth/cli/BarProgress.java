package dev.arcticsynth.cli;

import dev.arcticsynth.api.TaskView;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A bar that is drawn over itself: for a person at a terminal.
final class BarProgress implements Progress {
  private static final int REDRAW_MILLIS = 250;

  // A bar that touches the edge wraps on some terminals.
  private static final int RIGHT_MARGIN = 2;

  private final ProgressBar bar;

  BarProgress(Terminal terminal) {
    // No time left is shown: a batch answers nothing for hours and then everything.
    bar =
        new ProgressBarBuilder()
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setConsumer(
                new ConsoleProgressBarConsumer(
                    terminal.err(), TerminalWidth.columns() - RIGHT_MARGIN))
            .setTaskName("requests")
            .hideEta()
            .build();
  }

  @Override
  public void show(TaskView task) {
    long total = task.counts().total();
    bar.maxHint(total);
    bar.stepTo(Math.min(task.counts().answered(), total));
    bar.setExtraMessage(" " + TaskText.stateAndPartitions(task));
  }

  @Override
  public void close() {
    bar.close();
  }
}
