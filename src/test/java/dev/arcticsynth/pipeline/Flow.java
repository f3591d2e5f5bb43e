package dev.arcticsynth.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.provider.simulator.SimulatorInProcess;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.store.Ledger;
import dev.arcticsynth.support.TestClock;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/// What tests of the whole flow share: a task a test, driven from outside by HTTP, moved by ticks
/// and by the clock, and witnessed by the simulator's ledger.
@SuppressWarnings("NullAway.Init") // JUnit and the container fill the fields
abstract class Flow {

  /// More than any test needs; a flow that goes round in circles is stopped here.
  private static final int ROUNDS = 300;

  private static final Duration REAL_TIME = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TestHTTPResource URI root;
  @Inject Dispatcher dispatcher;
  @Inject TestClock clock;
  @Inject SimulatorInProcess simulators;
  @Inject Pool pool;

  /// The name of the test's own task.
  String task;

  @BeforeEach
  void nothingIsUnderWay(TestInfo test) {
    task = test.getTestMethod().orElseThrow().getName() + "-" + clock.instant().toEpochMilli();
    // Tasks of the tests before end with it, however they ended, and so does what they stored.
    List<Row> _ = sql("TRUNCATE task, blob, blob_chunk, request_ids CASCADE");
    // Nor do they teach the later ones.
    List<Row> _ = sql("DELETE FROM token_limit");
    List<Row> _ =
        sql(
            "UPDATE provider_account SET parked_until = NULL, parked_for = NULL, parked_because = NULL");
    openTheAccount();
    faults().clear();
  }

  /// A fault that was asked for and never struck means that a test proves nothing.
  @AfterEach
  void everyFaultHasStruck() {
    var left = faults().rules().stream().filter(rule -> rule.times() > 0).toList();
    faults().clear();
    clock.advance(Duration.ofHours(1));
    assertThat(left).as("faults that never struck").isEmpty();
  }

  void openTheAccount() {
    openTheAccount("simulator");
  }

  /// Swept under the timeline that is written, and not audited before a test says so.
  void openTheAccount(String provider) {
    List<Row> _ =
        sql(
            """
            INSERT INTO provider_account (provider, timeline, due_at) VALUES ($2, wal_timeline(), $1)
            ON CONFLICT (provider) DO UPDATE SET timeline = wal_timeline(), due_at = $1, sweeping = NULL, fences = 0,
              lease_token = NULL, lease_owner = NULL, lease_until = NULL\
            """,
            clock.instant().plus(Duration.ofDays(3_650)).atOffset(ZoneOffset.UTC),
            provider);
  }

  // ------------------------------------------------------------------------- what a caller does

  /// Submits so many chat requests `r-0`, `r-1` … in one call.
  void submit(int requests, String... query) {
    submitLines(lines(requests), query);
  }

  void submitLines(String lines, String... query) {
    var reply =
        call(
            HttpRequest.newBuilder(at("/v1/tasks?" + String.join("&", query(query))))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines)));
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
  }

  private List<String> query(String... more) {
    return Stream.concat(Stream.of("name=" + task), Stream.of(more)).toList();
  }

  static String lines(int requests) {
    return IntStream.range(0, requests)
        .mapToObj(n -> line(n, "gpt-test"))
        .reduce("", String::concat);
  }

  static String line(int n, String model) {
    return """
    {"custom_id":"r-%d","body":{"model":"%s","messages":[{"role":"user","content":"question %d"}]}}
    """
        .formatted(n, model, n);
  }

  /// Posts to the task, `cancel` say.
  void say(String what) {
    var reply =
        call(
            HttpRequest.newBuilder(at("/v1/tasks/" + task + "/" + what))
                .POST(BodyPublishers.noBody()));
    assertThat(reply.statusCode()).as(reply.body()).isBetween(200, 202);
  }

  JsonNode view() {
    return json(get("/v1/tasks/" + task));
  }

  String state() {
    return view().path("state").asText();
  }

  String waitsFor() {
    return view().path("waiting_for").path("reason").asText();
  }

  List<JsonNode> partitions() {
    return list(json(get("/v1/tasks/" + task + "/partitions")).path("data"));
  }

  JsonNode partition() {
    assertThat(partitions()).hasSize(1);
    return partitions().getFirst();
  }

  String partitionState() {
    return partition().path("state").asText();
  }

  List<String> events() {
    return list(json(get("/v1/tasks/" + task + "/events?limit=1000")).path("data")).stream()
        .map(event -> event.path("event").asText())
        .toList();
  }

  List<JsonNode> results(String... query) {
    return get("/v1/tasks/" + task + "/results?from=0&" + String.join("&", query))
        .lines()
        .map(Flow::json)
        .toList();
  }

  /// By a plain client: these calls are so many that one which is made for reading well would take
  /// a quarter of all time.
  private String get(String path) {
    var reply = call(HttpRequest.newBuilder(at(path)));
    assertThat(reply.statusCode()).as(path + " " + reply.body()).isEqualTo(200);
    return reply.body();
  }

  private URI at(String path) {
    return root.resolve(path);
  }

  private static HttpResponse<String> call(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.timeout(REAL_TIME).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // --------------------------------------------------------------------------- time and ticks

  void tick() {
    dispatcher.tick().await().atMost(REAL_TIME);
  }

  /// A tick in the background: a worker that is slow, or dead as far as others can see.
  CompletableFuture<Void> tickElsewhere() {
    return dispatcher.tick().subscribeAsCompletionStage();
  }

  /// Lets the time come at which the next row is due, a row in a dead worker's hands included.
  void waitForTheNextMove() {
    Instant now = clock.instant();
    Instant due =
        nextDue().orElseGet(() -> fail("Nothing is due any more: " + state() + " " + partitions()));
    if (!due.isBefore(now)) {
      clock.advance(Duration.between(now, due).plusMillis(1));
    }
  }

  private Optional<Instant> nextDue() {
    return sql(
            """
            WITH open AS (SELECT provider FROM provider_account WHERE timeline = wal_timeline())
            SELECT min(greatest(due_at, lease_until)) FROM
              (SELECT due_at, lease_until FROM partition WHERE due_at IS NOT NULL AND provider IN (SELECT provider FROM open)
               UNION ALL SELECT due_at, lease_until FROM task WHERE due_at IS NOT NULL AND provider IN (SELECT provider FROM open)
               UNION ALL SELECT due_at, lease_until FROM provider_account WHERE sweeping IS NOT NULL) AS due\
            """)
        .stream()
        .map(row -> row.getOffsetDateTime(0))
        .filter(java.util.Objects::nonNull)
        .map(OffsetDateTime::toInstant)
        .findFirst();
  }

  /// Ticks and moves time until the task is over.
  void run() {
    runUntil(() -> !state().equals("running") && !state().equals("cancelling"));
  }

  void runUntilPartitionIs(String wanted) {
    runUntil(() -> partitions().stream().anyMatch(p -> p.path("state").asText().equals(wanted)));
  }

  void runUntil(BooleanSupplier done) {
    tick();
    for (int round = 0; !done.getAsBoolean(); round++) {
      if (round == ROUNDS) {
        fail("No end after " + ROUNDS + " rounds: " + view() + " " + partitions() + events());
      }
      waitForTheNextMove();
      tick();
    }
  }

  /// Waits in real time for what happens elsewhere in real time.
  static void eventually(BooleanSupplier condition) {
    Awaitility.await()
        .atMost(REAL_TIME)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(condition.getAsBoolean()).isTrue());
  }

  // ------------------------------------------------------------------------------- the witness

  Faults faults() {
    return simulators.simulator().faults();
  }

  Ledger ledger() {
    return simulators.simulator().ledger();
  }

  /// The batches that the simulator started for this test's task.
  List<Ledger.Started> started() {
    return ledger().started().stream()
        .filter(batch -> task.equals(batch.metadata().get("arctic_task")))
        .toList();
  }

  /// How often each request of the task was billed, by its place in the input.
  Map<Long, Integer> billed() {
    var ours = new HashSet<>(started().stream().map(Ledger.Started::batch).toList());
    var times = new TreeMap<Long, Integer>();
    ledger()
        .billed()
        .forEach((batch, ids) -> {
          if (ours.contains(batch)) {
            ids.forEach(
                id -> times.merge(Long.parseLong(id.substring(9, 17), 16), 1, Integer::sum));
          }
        });
    return times;
  }

  // ------------------------------------------------------------------------------- what must be

  /// Every request has one line, in input order, and the counts are those of the lines.
  void everyRequestHasOneResult(int succeeded, int failed, int cancelled) {
    int total = succeeded + failed + cancelled;
    var counts = view().path("counts");
    var lines = results();
    assertThat(
            Stream.of("total", "succeeded", "failed", "cancelled")
                .map(counts::path)
                .map(JsonNode::asInt))
        .as("total, succeeded, failed, cancelled; %s %s", lines, events())
        .containsExactly(total, succeeded, failed, cancelled);
    assertThat(lines)
        .extracting(line -> line.path("custom_id").asText())
        .containsExactlyElementsOf(IntStream.range(0, total).mapToObj(n -> "r-" + n).toList());
    assertThat(lines.stream().filter(Flow::isAnswer)).hasSize(succeeded);
    assertThat(lines.stream().filter(Flow::isCancelled)).hasSize(cancelled);
  }

  /// All requests succeeded by one batch a partition, and nothing was billed twice.
  void everyRequestIsAnsweredAndBilledOnce(int requests) {
    assertThat(state()).isEqualTo("completed");
    everyRequestHasOneResult(requests, 0, 0);
    nothingIsBilledMoreThan(1);
    assertThat(billed()).hasSize(requests);
  }

  void nothingIsBilledMoreThan(int times) {
    assertThat(billed().values()).allSatisfy(n -> assertThat(n).isLessThanOrEqualTo(times));
  }

  void oneBatchWasStarted() {
    assertThat(started()).as("batches started").hasSize(1);
  }

  static boolean isAnswer(JsonNode line) {
    return line.path("error").isNull() && line.path("response").path("status_code").asInt() == 200;
  }

  static boolean isCancelled(JsonNode line) {
    return errorOf(line).equals("cancelled") || errorOf(line).equals("deadline_exceeded");
  }

  static String errorOf(JsonNode line) {
    return line.path("error").path("code").asText();
  }

  List<String> errors() {
    return results().stream().filter(line -> !isAnswer(line)).map(Flow::errorOf).toList();
  }

  // ---------------------------------------------------------------------------------- small help

  List<Row> sql(String sql, Object... parameters) {
    var rows = pool.preparedQuery(sql).execute(Tuple.from(parameters)).await().atMost(REAL_TIME);
    return StreamSupport.stream(rows.spliterator(), false).toList();
  }

  static Fault refused(int status) {
    return new Fault.Refused(status);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("No JSON: " + text, e);
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
