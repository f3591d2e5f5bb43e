package dev.arcticsynth.attack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// While it is attacked, the service answers its probes and completes an honest caller's task, from
/// another address and from that of the attacker; and then its heap is as it was.
class AttackIT {

  private static final String HONEST = "127.0.0.1";
  private static final String MALLORY = "127.0.0.2";

  /// What is kept of the work itself: caches, statements, classes.
  private static final int TOLERANCE_MEGABYTES = 40;

  @TempDir static Path home;
  private static Victim victim;
  private static long heapBefore;

  @BeforeAll
  static void start() throws Exception {
    victim = Victim.start(home);
    victim.completesATaskOf(HONEST);
    heapBefore = victim.heapMegabytes();
  }

  @AfterAll
  static void stop() {
    victim.close();
  }

  @AfterEach
  void theHeapIsAsItWas() throws Exception {
    assertThat(victim.isAlive()).as("%s", victim.log()).isTrue();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(victim.heapMegabytes())
                .as("MiB in use, before it was %d", heapBefore)
                .isLessThan(heapBefore + TOLERANCE_MEGABYTES));
  }

  @Test
  void two_thousand_idle_and_five_hundred_half_open_connections_lock_out_no_caller()
      throws Exception {
    try (var idle = new Connections(MALLORY, victim.port(), 2_000);
        var half = new Connections("127.0.0.3", victim.port(), 500)) {
      // Given
      half.send("POST /v1/tasks HTTP/1.1\r\nHost: loc");

      // When
      victim.isKeptAlive();

      // Then
      victim.completesATaskOf(HONEST);
      victim.completesATaskOf(MALLORY);
      assertThat(idle).isNotNull();
    }
  }

  @Test
  void two_thousand_dripping_bodies_lock_out_no_caller() throws Exception {
    var all = new ArrayList<Connections>();
    try {
      // Given
      for (int i = 0; i < 4; i++) {
        all.add(new Connections("127.0.1." + (i + 1), victim.port(), 500));
        all.get(i)
            .send(
                "POST /v1/tasks?name=drip HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n"
                    + "Content-Type: application/x-ndjson\r\n\r\n{\"messages\":");
      }
      await()
          .pollDelay(Duration.ofSeconds(1))
          .pollInterval(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(10))
          .until(drip(all)::call);

      // When
      victim.isKeptAlive();

      // Then
      victim.completesATaskOf(HONEST);
      victim.completesATaskOf("127.0.1.1");
    } finally {
      for (Connections connections : all) {
        connections.close();
      }
    }
  }

  /// True after the third time.
  private static Callable<Boolean> drip(List<Connections> all) {
    var seconds = new int[1];
    return () -> {
      all.forEach(connections -> connections.send("x"));
      return ++seconds[0] == 3;
    };
  }

  @Test
  void a_hundred_and_sixty_callers_with_megabytes_each_exhaust_nothing() throws Exception {
    // Given
    byte[] task = ("{\"name\":\"held\",\"x\":\"" + "h".repeat(3_000_000)).getBytes(UTF_8);
    byte[] line = ("{\"model\":\"m\",\"x\":\"" + "l".repeat(3_000_000)).getBytes(UTF_8);

    // When
    List<Integer> statuses =
        sideBySide(
            160,
            i ->
                i % 2 == 0
                    ? post("/v1/tasks", "application/json", task)
                    : post("/v1/tasks?name=held" + i, "application/x-ndjson", line));

    // Then
    assertThat(statuses).isSubsetOf(400, 422, 503, 0);
    victim.isKeptAlive();
    victim.completesATaskOf(HONEST);
  }

  @Test
  void many_models_are_refused_and_long_defaults_are_stored_a_part_at_a_time() throws Exception {
    // Given
    String models =
        IntStream.range(0, 5_000)
            .mapToObj("{\"model\":\"m%d\",\"messages\":[1]}\n"::formatted)
            .collect(Collectors.joining());
    String task =
        "{\"name\":\"filled%d\",\"auto\":false,\"defaults\":{\"model\":\"m\",\"k\":\"%s\"},\"requests\":[%s]}";
    String requests = "{\"messages\":[1]}".concat(",{\"messages\":[1]}".repeat(9_999));

    // When
    HttpResponse<String> refused =
        victim.call(MALLORY, "POST", "/v1/tasks?name=models", Victim.lines(models));
    List<Integer> filled =
        sideBySide(
            3,
            i ->
                post(
                    "/v1/tasks",
                    "application/json",
                    task.formatted(i, "d".repeat(12_000), requests).getBytes(UTF_8)));

    // Then
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("too_many_models");
    assertThat(filled).isSubsetOf(201, 202, 503).contains(201);
    victim.isKeptAlive();
    assertThat(victim.call(HONEST, "GET", "/v1/tasks", BodyPublishers.noBody()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_bomb_of_gzip_costs_time_and_no_memory() throws Exception {
    // Given (as much as the heap, in a quarter of a megabyte)
    byte[] bomb = bomb(Victim.HEAP_MEGABYTES);

    // When
    List<Integer> statuses =
        sideBySide(
            4,
            i ->
                i % 2 == 0
                    ? post("/v1/tasks?name=bomb" + i, "application/x-ndjson", bomb)
                    : post("/v1/tasks", "application/json", bomb));

    // Then
    assertThat(statuses).isSubsetOf(413, 422, 503, 0);
    victim.isKeptAlive();
    victim.completesATaskOf(HONEST);
  }

  private static int post(String path, String type, byte[] body) throws Exception {
    try {
      return victim
          .call(MALLORY, "POST", path, type, BodyPublishers.ofByteArray(body))
          .statusCode();
    } catch (IOException cut) {
      // An answer before the end of the body may be lost with the connection.
      return 0;
    }
  }

  private static byte[] bomb(int megabytes) throws IOException {
    var compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed, 64 * 1024)) {
      byte[] some = "z".repeat(1 << 20).getBytes(UTF_8);
      for (int i = 0; i < megabytes; i++) {
        gzip.write(some);
      }
    }
    return compressed.toByteArray();
  }

  private interface Attack {
    int statusOf(int number) throws Exception;
  }

  private static List<Integer> sideBySide(int count, Attack attack) throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, count)
              .<Callable<Integer>>mapToObj(i -> () -> attack.statusOf(i))
              .toList();
      var statuses = new ArrayList<Integer>();
      for (var call : callers.invokeAll(calls)) {
        statuses.add(call.get());
      }
      return statuses;
    }
  }
}
