package dev.arcticsynth.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The part of a page that is made from the code. With `-Ddocs.write` it is written instead of
/// compared.
public final class GeneratedPart {
  private static final String BEGIN = "<!-- generated -->\n";
  private static final String END = "<!-- /generated -->";

  private GeneratedPart() {}

  public static void check(Path page, String made) throws IOException {
    String text = Files.readString(page);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    assertThat(text.indexOf(BEGIN)).as("%s has %s", page, BEGIN).isNotNegative();
    assertThat(to).as("%s has %s", page, END).isGreaterThanOrEqualTo(from);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(
          page, text.substring(0, from) + "\n" + made.strip() + "\n\n" + text.substring(to));
      return;
    }
    // Without whitespace: the width of a terminal decides where help is wrapped.
    assertThat(text.substring(from, to))
        .as("the generated part of %s; -Ddocs.write=true writes it", page)
        .isEqualToIgnoringWhitespace(made);
  }
}
