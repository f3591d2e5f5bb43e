package dev.arcticsynth.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.cli.terminal.BarProgress;
import dev.arcticsynth.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BarProgressTest {

  @Test
  void a_bar_is_as_wide_as_the_terminal_is_when_it_is_drawn() {
    // Given
    var err = new ByteArrayOutputStream();
    var out = new PrintStream(err, true, UTF_8);
    var columns = new AtomicInteger(120);
    var bar = new BarProgress(new Terminal(out, out, out, true, Optional::empty), columns::get);
    bar.show(Tasks.running("t", 1, 3));

    // When
    columns.set(60);
    bar.close();

    // Then
    String last = err.toString(UTF_8).stripTrailing();
    last = last.substring(last.lastIndexOf('\r') + 1);
    assertThat(last.length()).as(last).isBetween(50, 58);
    assertThat(last).contains("requests", "33%", "1/3");
  }
}
