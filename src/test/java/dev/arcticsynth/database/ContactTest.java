package dev.arcticsynth.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ContactTest {

  private static final Duration GRACE = Duration.ofSeconds(60);

  private long nanos = 7;
  private final Contact contact = new Contact(() -> nanos);

  @Test
  void silence_is_no_outage_while_nobody_asks() {
    // When
    pass(Duration.ofHours(1));

    // Then
    assertThat(contact.isLostFor(GRACE)).isFalse();
  }

  @Test
  void an_outage_counts_from_the_last_answer() {
    // Given
    contact.heard();
    pass(Duration.ofSeconds(50));
    contact.lost(new IllegalStateException("gone"));
    boolean early = contact.isLostFor(GRACE);

    // When
    pass(Duration.ofSeconds(11));

    // Then
    assertThat(early).isFalse();
    assertThat(contact.isLostFor(GRACE)).isTrue();
  }

  @Test
  void one_answer_ends_an_outage() {
    // Given
    contact.lost(new IllegalStateException("gone"));
    pass(Duration.ofHours(1));
    contact.lost(new IllegalStateException("gone"));
    assertThat(contact.isLostFor(GRACE)).isTrue();

    // When
    contact.heard();

    // Then
    assertThat(contact.isLostFor(GRACE)).isFalse();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
