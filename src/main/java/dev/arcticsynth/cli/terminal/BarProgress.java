package dev.arcticsynth.cli.terminal;

import dev.arcticsynth.api.model.TaskView;
import java.io.PrintStream;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// A bar that is drawn over itself: for a person at a terminal.
public final class BarProgress implements ProgressDisplay {
  private static final int REDRAW_MILLIS = 250;

  // A bar that touches the edge wraps on some terminals.
  private static final int RIGHT_MARGIN = 2;

  private final ProgressBar bar;

  /// @param columns the width of the terminal, asked at each drawing: people resize it
  public BarProgress(Terminal terminal, IntSupplier columns) {
    // No time left is shown: a batch answers nothing for hours and then everything.
    bar =
        new ProgressBarBuilder()
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setConsumer(new Line(terminal.err(), columns))
            .setTaskName("requests")
            .hideEta()
            // Also while nothing is answered: the time goes on, and the terminal may be resized.
            .continuousUpdate()
            .build();
  }

  @Override
  public void show(TaskView task) {
    long total = task.counts().total();
    bar.maxHint(total);
    bar.stepTo(Math.min(task.counts().answered(), total));
    bar.setExtraMessage(" " + TaskRenderer.stateAndPartitions(task));
  }

  @Override
  public void close() {
    bar.close();
  }

  private static final class Line extends ConsoleProgressBarConsumer {
    private final IntSupplier columns;

    Line(PrintStream out, IntSupplier columns) {
      super(out);
      this.columns = columns;
    }

    @Override
    public int getMaxRenderedLength() {
      return Math.max(1, columns.getAsInt() - RIGHT_MARGIN);
    }
  }
}
