package dev.arcticsynth.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HomeTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " "})
  void without_a_setting_it_lies_in_the_users_folder(String configured) {
    // When
    Path home = new Home(Optional.ofNullable(configured)).folder();

    // Then
    assertThat(home).isAbsolute().hasParentRaw(Path.of(System.getProperty("user.home")));
    assertThat(home.toString()).doesNotContain("$");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/srv/arctic", "relative"})
  void it_is_where_the_setting_says(String configured) {
    assertThat(new Home(Optional.of(configured)).folder()).isEqualTo(Path.of(configured));
  }
}
