package dev.arcticsynth.provider;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The input tokens that an account may have enqueued for a model, as stated in providers'
/// messages.
public final class TokenLimit {

  /// The code of every refusal for this reason, whatever the provider calls it.
  public static final String EXCEEDED = "token_limit_exceeded";

  /// A number that stands alone: no part of a word, an id or a name like `gpt-4o`.
  private static final String NUMBER =
      "(?<![\\w.,-])(\\d{1,3}(?:[,._ ']\\d{3})+|\\d+(?:\\.\\d+)?)\\s?([kmb])?(?![\\w-])";

  /// The most reliable wording first. Any other number may be an id, and a wrong limit is worse
  /// than none.
  private static final Pattern[] WORDINGS = {
    pattern("\\b(?:limit|maximum|quota)\\b[^\\w]{0,3}(?:is |of |for \\S+ (?:is )?)?" + NUMBER),
    pattern(NUMBER + "(?:\\s+(?:enqueued|input|prompt))*\\s+tokens?\\b")
  };

  private static final Map<String, Long> UNITS =
      Map.of("k", 1_000L, "m", 1_000_000L, "b", 1_000_000_000L);

  private static final int MAX_DIGITS = 15;

  private TokenLimit() {}

  /// The limit that a provider names when it refuses, as in `Limit: 90,000 enqueued tokens.`; empty
  /// when no number in the message can be one.
  public static OptionalLong in(String message) {
    for (Pattern wording : WORDINGS) {
      Matcher found = wording.matcher(message);
      if (found.find()) {
        return number(found.group(1), found.group(2));
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong number(String digits, String unit) {
    boolean isGrouped = digits.matches("\\d{1,3}(?:[,._ ']\\d{3})+");
    String plain = isGrouped ? digits.replaceAll("\\D", "") : digits;
    if (plain.length() > MAX_DIGITS) {
      return OptionalLong.empty();
    }
    long times = unit == null ? 1 : UNITS.getOrDefault(unit.toLowerCase(Locale.ROOT), 1L);
    long limit = new BigDecimal(plain).multiply(BigDecimal.valueOf(times)).longValue();
    return limit > 0 ? OptionalLong.of(limit) : OptionalLong.empty();
  }

  private static Pattern pattern(String wording) {
    return Pattern.compile(wording, Pattern.CASE_INSENSITIVE);
  }
}
