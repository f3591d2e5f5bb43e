package dev.arcticsynth.cli.terminal;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jline.utils.WCWidth;

/// How many columns of a terminal a text takes: two for Chinese, Japanese, Korean and emoji, none
/// for a mark that stands on the character before.
final class TextWidth {
  private static final Pattern PRINTABLE_ASCII = Pattern.compile("[ -~]*");
  private static final Pattern CHARACTER = Pattern.compile("\\X");
  private static final int EMOJI_STYLE = 0xFE0F;

  private TextWidth() {}

  static int of(String text) {
    if (PRINTABLE_ASCII.matcher(text).matches()) {
      return text.length();
    }
    return CHARACTER.matcher(text).results().map(MatchResult::group).mapToInt(TextWidth::one).sum();
  }

  /// Of what a reader takes for one character, however many code points it is made of.
  private static int one(String character) {
    boolean emoji =
        character.codePoints().anyMatch(c -> c == EMOJI_STYLE || Character.isEmojiPresentation(c));
    return emoji ? 2 : character.codePoints().map(WCWidth::wcwidth).sum();
  }
}
