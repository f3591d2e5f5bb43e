package dev.arcticsynth.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ServiceDatabaseTest {

  @Test
  void a_second_close_waits_until_the_first_has_closed() throws InterruptedException {
    // Given
    var mayLeave = new CountDownLatch(1);
    var leaving = new CountDownLatch(1);
    var serviceDatabase =
        new ServiceDatabase(() -> {
          leaving.countDown();
          awaitUninterrupted(mayLeave);
        });
    Thread first = Thread.ofVirtual().unstarted(serviceDatabase::close);
    Thread second = Thread.ofPlatform().unstarted(serviceDatabase::close);
    first.start();
    leaving.await();
    // When
    second.start();
    // Then
    await().untilAsserted(() -> assertThat(second.getState()).isEqualTo(Thread.State.BLOCKED));
    mayLeave.countDown();
    second.join();
    assertThat(first.join(Duration.ofSeconds(10))).isTrue();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
