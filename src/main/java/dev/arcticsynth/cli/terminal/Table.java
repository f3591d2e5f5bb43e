package dev.arcticsynth.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Columns that line up; numbers stand at the right.
public final class Table {
  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,.]*( [kMGT]?B)?|-");

  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... header) {
    rows.add(List.of(header));
  }

  public void row(String... cells) {
    rows.add(IntStream.range(0, cells.length).mapToObj(i -> Formats.harmless(cells[i])).toList());
  }

  public List<String> lines() {
    int columns = rows.getFirst().size();
    List<Column> layout = IntStream.range(0, columns).mapToObj(this::column).toList();
    return rows.stream().map(row -> line(row, layout)).toList();
  }

  private Column column(int index) {
    int width = rows.stream().mapToInt(row -> TextWidth.of(row.get(index))).max().orElse(0);
    boolean numbers =
        rows.stream().skip(1).allMatch(row -> NUMBER.matcher(row.get(index)).matches());
    return new Column(width, numbers);
  }

  private static String line(List<String> row, List<Column> layout) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> layout.get(i).padded(row.get(i)))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private record Column(int width, boolean numbers) {
    String padded(String cell) {
      String padding = " ".repeat(width - TextWidth.of(cell));
      return numbers ? padding + cell : cell + padding;
    }
  }
}
