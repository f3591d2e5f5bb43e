package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The settings of the periodic jobs, by their names and by those that they had.
class ScheduleConfigTest {

  @Test
  void defaults_are_those_of_the_documentation() {
    // When
    var config = config(Map.of());

    // Then
    assertThat(config.enabled()).isTrue();
    assertThat(config.tick()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.leaseRenewal()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.orphanBlobs()).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @CsvSource({
    "arctic.schedule.enabled, arctic.schedule.tick, arctic.schedule.lease-renewal, arctic.schedule.orphan-blobs",
    "arctic.beat.enabled, arctic.beat.tick, arctic.beat.lease-renewal, arctic.beat.sweep",
    "quarkus.scheduler.enabled, arctic.tick, arctic.lease-renewal, arctic.blob.sweep"
  })
  void every_setting_is_read_by_its_old_names_as_well(
      String enabled, String tick, String leaseRenewal, String orphanBlobs) {
    // When
    var config =
        config(Map.of(enabled, "false", tick, "200ms", leaseRenewal, "7s", orphanBlobs, "5m"));

    // Then
    assertThat(config.enabled()).isFalse();
    assertThat(config.tick()).isEqualTo(Duration.ofMillis(200));
    assertThat(config.leaseRenewal()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.orphanBlobs()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void a_new_name_wins_over_an_old_one() {
    // When
    var config = config(Map.of("arctic.schedule.tick", "2s", "arctic.beat.tick", "3s"));

    // Then
    assertThat(config.tick()).isEqualTo(Duration.ofSeconds(2));
  }

  private static ScheduleConfig config(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredInterceptors()
        .addDiscoveredConverters()
        .withConverter(
            Duration.class, 100, new io.quarkus.runtime.configuration.DurationConverter())
        .withSources(new PropertiesConfigSource(settings, "test", 300))
        .withMapping(ScheduleConfig.class)
        .build()
        .getConfigMapping(ScheduleConfig.class);
  }
}
