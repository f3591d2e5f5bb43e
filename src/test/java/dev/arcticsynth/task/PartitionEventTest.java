package dev.arcticsynth.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.task.PartitionEvent.Abandoned;
import dev.arcticsynth.task.PartitionEvent.TemporarilyRejected;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PartitionEventTest {

  /// Callers read them in a task's history.
  @Test
  void an_event_keeps_its_name_in_the_api_whatever_its_type_is_called() {
    // Given
    var throttled = new TemporarilyRejected(WaitReason.PROVIDER, "HTTP 429", Instant.EPOCH);
    // When
    String name = throttled.apiName();
    // Then
    assertThat(name).isEqualTo("turned_away");
    assertThat(new Abandoned("never created").apiName()).isEqualTo("abandoned");
  }
}
