package dev.arcticsynth.cli.python;

import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Names in the order that their numbers have: `t_2` before `t_10`.
final class NaturalOrder implements Comparator<String> {
  private static final Pattern RUN = Pattern.compile("[0-9]+|[^0-9]+");

  @Override
  public int compare(String one, String other) {
    List<String> ones = runs(one);
    List<String> others = runs(other);
    for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
      int order = compareRuns(ones.get(i), others.get(i));
      if (order != 0) {
        return order;
      }
    }
    // 1 and 01: two names must never count as the same.
    int order = Integer.compare(ones.size(), others.size());
    return order != 0 ? order : one.compareTo(other);
  }

  private static int compareRuns(String one, String other) {
    if (!isNumber(one) || !isNumber(other)) {
      return one.compareTo(other);
    }
    String digits = withoutZeros(one);
    String others = withoutZeros(other);
    int order = Integer.compare(digits.length(), others.length());
    return order != 0 ? order : digits.compareTo(others);
  }

  private static List<String> runs(String name) {
    return RUN.matcher(name).results().map(MatchResult::group).toList();
  }

  private static boolean isNumber(String run) {
    return run.charAt(0) >= '0' && run.charAt(0) <= '9';
  }

  private static String withoutZeros(String number) {
    return number.replaceFirst("^0+", "");
  }
}
