package dev.arcticsynth.api.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The database is a queue of questions, which the test answers.
@Timeout(60)
class SharedPollTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Question> asked = new LinkedBlockingQueue<>();
  private final SharedPoll<String, String> poll =
      new SharedPoll<>(this::isolated, Duration.ofMillis(1), this::ask);

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void many_waiters_for_one_key_poll_as_often_as_one() throws Exception {
    // Given
    List<Waiter> waiters = waiters(100, "task");

    // When
    answer("running");
    List<Waiter> again = waiters(100, "task");
    answer("completed");

    // Then
    assertThat(waiters).allSatisfy(waiter -> assertThat(waiter.answer()).isEqualTo("running"));
    assertThat(again).allSatisfy(waiter -> assertThat(waiter.answer()).isEqualTo("completed"));
    assertThat(asked).isEmpty();
    assertThat(poll.size()).isZero();
  }

  @Test
  void each_key_has_a_poll_of_its_own() throws Exception {
    // Given
    Waiter one = waiter("one");
    Waiter other = waiter("other");

    // When
    Question first = next();
    Question second = next();
    first.answer().complete("about " + first.key());
    second.answer().complete("about " + second.key());

    // Then
    assertThat(one.answer()).isEqualTo("about one");
    assertThat(other.answer()).isEqualTo("about other");
  }

  @Test
  void a_waiter_that_hangs_up_leaves_the_answer_to_the_others() throws Exception {
    // Given
    Waiter gone = waiter("task");
    Waiter stays = waiter("task");

    // When
    gone.hangUp();
    answer("completed");

    // Then
    assertThat(stays.answer()).isEqualTo("completed");
    assertThat(gone.told).isNotDone();
    assertThat(poll.size()).isZero();
  }

  @Test
  void the_poll_ends_when_the_last_waiter_hangs_up() throws Exception {
    // Given
    List<Waiter> waiters = waiters(10, "task");

    // When
    waiters.forEach(Waiter::hangUp);
    answer("running");

    // Then
    assertThat(waiters(1, "other")).hasSize(1);
    assertThat(next().key()).isEqualTo("other");
    assertThat(asked).isEmpty();
  }

  @Test
  void a_failure_is_that_of_all_and_not_of_the_next() throws Exception {
    // Given
    List<Waiter> waiters = waiters(3, "task");

    // When
    next().answer().completeExceptionally(new IllegalStateException("away"));
    assertThat(waiters)
        .allSatisfy(waiter ->
            assertThat(waiter.told)
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("away"));
    Waiter later = waiter("task");
    answer("back");

    // Then
    assertThat(later.answer()).isEqualTo("back");
  }

  @Test
  void an_answer_arrives_on_the_context_of_its_waiter() throws Exception {
    // Given
    List<Waiter> waiters = waiters(5, "task");

    // When
    answer("running");

    // Then
    assertThat(waiters)
        .allSatisfy(
            waiter -> assertThat(waiter.answeredOn.get(20, SECONDS)).isSameAs(waiter.context));
  }

  private Uni<String> isolated(Supplier<Uni<String>> work) {
    ContextInternal own = ((ContextInternal) vertx.getOrCreateContext()).duplicate();
    return Uni.createFrom()
        .deferred(work::get)
        .runSubscriptionOn(run -> own.runOnContext(ready -> run.run()));
  }

  private Uni<String> ask(String key) {
    var question = new Question(key, new CompletableFuture<>());
    asked.add(question);
    return Uni.createFrom().completionStage(question.answer());
  }

  private void answer(String text) throws InterruptedException {
    next().answer().complete(text);
  }

  private Question next() throws InterruptedException {
    Question question = asked.poll(20, SECONDS);
    assertThat(question).isNotNull();
    return question;
  }

  private List<Waiter> waiters(int count, String key) {
    var waiters = new ArrayList<Waiter>();
    for (int i = 0; i < count; i++) {
      waiters.add(waiter(key));
    }
    return waiters;
  }

  /// One that has begun to wait.
  private Waiter waiter(String key) {
    var waiter = new Waiter(((ContextInternal) vertx.getOrCreateContext()).duplicate());
    waiter.waitFor(key);
    return waiter;
  }

  private record Question(String key, CompletableFuture<String> answer) {}

  private final class Waiter {
    private final Context context;
    private final CompletableFuture<String> told = new CompletableFuture<>();
    private final CompletableFuture<Context> answeredOn = new CompletableFuture<>();
    private final CompletableFuture<Cancellable> waiting = new CompletableFuture<>();

    Waiter(Context context) {
      this.context = context;
    }

    void waitFor(String key) {
      context.runOnContext(ready -> {
        waiting.complete(
            poll.next(key)
                .onTermination()
                .invoke((item, failure, cancelled) -> answeredOn.complete(Vertx.currentContext()))
                .subscribe()
                .with(told::complete, told::completeExceptionally));
      });
      assertThat(waiting).succeedsWithin(PATIENCE);
    }

    void hangUp() {
      waiting.join().cancel();
    }

    String answer() {
      assertThat(told).succeedsWithin(PATIENCE);
      return told.join();
    }
  }
}
