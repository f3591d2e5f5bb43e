package dev.arcticsynth.cli.python;

import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Names in the order that their numbers have: `t_2` before `t_10`.
final class NaturalOrder implements Comparator<String> {
  private static final Pattern PIECE = Pattern.compile("[0-9]+|[^0-9]+");

  @Override
  public int compare(String one, String other) {
    List<String> ones = pieces(one);
    List<String> others = pieces(other);
    for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
      int order = comparePieces(ones.get(i), others.get(i));
      if (order != 0) {
        return order;
      }
    }
    // 1 and 01: two names must never count as the same.
    int order = Integer.compare(ones.size(), others.size());
    return order != 0 ? order : one.compareTo(other);
  }

  private static int comparePieces(String one, String other) {
    if (!isNumber(one) || !isNumber(other)) {
      return one.compareTo(other);
    }
    String digits = withoutZeros(one);
    String others = withoutZeros(other);
    int order = Integer.compare(digits.length(), others.length());
    return order != 0 ? order : digits.compareTo(others);
  }

  private static List<String> pieces(String name) {
    return PIECE.matcher(name).results().map(MatchResult::group).toList();
  }

  private static boolean isNumber(String piece) {
    return piece.charAt(0) >= '0' && piece.charAt(0) <= '9';
  }

  private static String withoutZeros(String number) {
    return number.replaceFirst("^0+", "");
  }
}
