package dev.arcticsynth.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.pipeline.FlowProfile;
import dev.arcticsynth.task.quota.Admission;
import io.quarkus.arc.All;
import io.quarkus.arc.ClientProxy;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(FlowProfile.class)
class EventObserversTest {

  @Inject @All List<PartitionObserver> observers;

  @Test
  void observers_are_called_in_the_order_in_which_rows_are_locked() {
    // Then
    assertThat(observers)
        .<Class<?>>extracting(observer -> ClientProxy.unwrap(observer).getClass())
        .containsExactly(
            BatchAttempts.class, TaskHistory.class, RetryingRequests.class, Admission.class);
  }
}
