package dev.arcticsynth.pipeline.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import org.junit.jupiter.api.Test;

class BodyMemoryTest {

  private final BodyMemory memory = new BodyMemory(1_000);

  @Test
  void what_arrives_has_three_quarters_and_the_call_that_wants_more_is_refused() {
    // Given
    BodyMemory.Share one = memory.open();
    BodyMemory.Share other = memory.open();
    one.grow(700);

    // When
    other.grow(50);

    // Then
    assertThatThrownBy(() -> other.grow(1))
        .isInstanceOf(BusyException.class)
        .hasMessageContaining("arctic.body.memory");
    one.shrink(1);
    other.grow(1);
    assertThat(memory.inUse()).isEqualTo(750);
  }

  @Test
  void a_call_that_ends_gives_back_what_it_holds_and_stores() {
    // Given
    BodyMemory.Share one = memory.open();
    one.grow(300);
    subscribe(one, 400).assertCompleted();

    // When
    one.close();
    one.close();
    one.endStoring(400);
    one.shrink(300);

    // Then
    assertThat(memory.inUse()).isZero();
  }

  @Test
  void blocks_wait_in_turn() {
    // Given
    BodyMemory.Share one = memory.open();
    BodyMemory.Share other = memory.open();
    subscribe(one, 800).assertCompleted();

    // When
    var second = subscribe(other, 300);
    var third = subscribe(one, 10);

    // Then (the third would fit, and would overtake for ever)
    second.assertNotTerminated();
    third.assertNotTerminated();
    one.endStoring(800);
    second.assertCompleted();
    third.assertCompleted();
  }

  @Test
  void one_block_is_stored_however_large_it_is() {
    // Given
    BodyMemory.Share one = memory.open();
    one.grow(750);

    // When
    var large = subscribe(one, 5_000);
    var next = subscribe(one, 1);

    // Then
    large.assertCompleted();
    next.assertNotTerminated();
    one.endStoring(5_000);
    next.assertCompleted();
  }

  @Test
  void a_call_that_is_over_holds_up_nothing() {
    // Given
    BodyMemory.Share one = memory.open();
    BodyMemory.Share gone = memory.open();
    BodyMemory.Share other = memory.open();
    subscribe(one, 900).assertCompleted();
    var dead = subscribe(gone, 900);
    var next = subscribe(other, 900);

    // When
    gone.close();
    one.close();

    // Then
    dead.assertNotTerminated();
    next.assertCompleted();
    assertThat(memory.inUse()).isEqualTo(900);
  }

  private static UniAssertSubscriber<Void> subscribe(BodyMemory.Share share, long bytes) {
    return share.beginStoring(bytes).subscribe().withSubscriber(UniAssertSubscriber.create());
  }
}
