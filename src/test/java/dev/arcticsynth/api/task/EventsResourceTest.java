package dev.arcticsynth.api.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.arcticsynth.api.WithoutPipeline;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@QuarkusTest
@TestProfile(WithoutPipeline.class)
@SuppressWarnings("NullAway.Init") // the framework injects the fields
class EventsResourceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TestHTTPResource("/v1/tasks")
  URI tasks;

  @Inject EventsResource events;

  @Test
  void nothing_is_polled_for_a_listener_that_hangs_up() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      // Given
      var listening =
          client.send(
              HttpRequest.newBuilder(URI.create(tasks + "/" + running(client) + "/events"))
                  .header("Accept", "text/event-stream")
                  .build(),
              BodyHandlers.ofLines());
      assertThat(listening.body().findFirst()).isPresent();
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(events.polls()).isEqualTo(1));

      // When
      client.shutdownNow();
    }

    // Then
    await()
        .atMost(PATIENCE)
        .during(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(events.polls()).isZero());
  }

  /// A task with one request that runs and gets nowhere.
  private String running(HttpClient client) throws Exception {
    String name = "t-" + UUID.randomUUID();
    var submission =
        HttpRequest.newBuilder(URI.create(tasks + "?name=" + name))
            .header("Content-Type", "application/x-ndjson")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
            .build();
    assertThat(client.send(submission, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
    return name;
  }
}
