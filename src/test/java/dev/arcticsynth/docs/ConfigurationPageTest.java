package dev.arcticsynth.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` has every setting as the code has it.
class ConfigurationPageTest {
  private static final Path PAGE = Path.of("docs/configuration.md");

  private static SettingsSource source = new SettingsSource();

  @BeforeAll
  static void read() throws IOException {
    source = SettingsSource.of(Path.of("src/main/java"));
  }

  @Test
  void every_mapped_setting_is_on_the_page_with_its_name_type_default_and_meaning()
      throws IOException {
    // When
    String tables = new SettingsReference(source).tables();

    // Then
    assertThat(source.mappings()).hasSizeGreaterThan(10).containsKey("arctic.ingest");
    GeneratedPart.check(PAGE, tables);
  }

  @Test
  void every_setting_has_a_sentence() {
    // When
    String tables = new SettingsReference(source).tables();

    // Then
    assertThat(tables.lines().filter(line -> line.startsWith("| `")))
        .noneMatch(line -> line.endsWith("|  |"));
  }

  @Test
  void every_setting_that_is_injected_by_itself_is_on_the_page_with_its_default()
      throws IOException {
    // Given
    String page = Files.readString(PAGE);

    // Then
    assertThat(source.injected()).hasSizeGreaterThan(3);
    assertThat(source.injected())
        .filteredOn(setting -> setting.name().startsWith("arctic."))
        .allSatisfy(setting ->
            assertThat(page.lines())
                .as(setting.toString())
                .anyMatch(line ->
                    line.contains("`" + setting.name() + "`")
                        && setting
                            .defaultValue()
                            .map(value -> line.contains(value.replace("${user.home}", "~")))
                            .orElse(true)));
  }
}
