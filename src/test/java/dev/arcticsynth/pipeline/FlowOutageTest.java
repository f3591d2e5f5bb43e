package dev.arcticsynth.pipeline;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.arcticsynth.blob.BlobKey;
import dev.arcticsynth.blob.BlobStore;
import dev.arcticsynth.database.PoolUser;
import dev.arcticsynth.provider.simulator.fault.Fault;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.support.PostgresForTests;
import dev.arcticsynth.support.ProxiedPostgres;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/// Databases that go away, hang, lose an answer or refuse to write: the flow waits and goes on, and
/// callers get a `Retry-After`.
@QuarkusTest
@TestProfile(FlowOutageTest.Proxied.class)
@SuppressWarnings("NullAway.Init") // the container fills the field
class FlowOutageTest extends Flow {

  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final int CONNECTIONS = 6;
  private static final Fault SLOW = new Fault.TooLate(Duration.ofMillis(500));

  @Inject BlobStore blobs;
  @Inject Vertx vertx;

  /// On a busy machine a service that has just started takes longer for its first calls than the
  /// silence after which it gives a connection up; these are not what is tested.
  @Override
  @BeforeEach
  void nothingIsUnderWay(TestInfo test) {
    theDatabaseAnswers();
    eventually(() -> {
      task = "first-" + UUID.randomUUID();
      return post("").statusCode() == 202;
    });
    super.nothingIsUnderWay(test);
  }

  @AfterEach
  void theWireIsWhole() {
    String _ = ProxiedPostgres.say("up");
    theDatabaseAnswers();
  }

  @Test
  void a_flow_whose_connections_fall_silent_goes_on_in_bounded_time() {
    // Given
    submit(5);

    // When
    String _ = ProxiedPostgres.say("blackhole");
    dispatcher.tick().await().atMost(BOUND);
    theDatabaseAnswers();
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void a_step_that_loses_the_database_is_done_again_without_waiting_for_its_lease() {
    // Given
    submit(5);
    faults().next(SLOW, Operation.UPLOAD);
    var step = tickElsewhere();
    eventually(() -> partitionState().equals("uploading") && faults().rules().isEmpty());

    // When
    String _ = ProxiedPostgres.say("down");
    step.join();
    String _ = ProxiedPostgres.say("up");
    theDatabaseAnswers();
    tick();

    // Then
    assertThat(partitionState()).isIn("ready", "submitted");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void nothing_is_created_where_the_answer_to_the_intent_was_lost() {
    // Given
    submit(5);

    // When
    String _ = ProxiedPostgres.say("dropReplyToCommitAfter CREATING");
    tick();

    // Then
    assertThat(ProxiedPostgres.say("struck")).isEqualTo("1");
    theDatabaseAnswers();
    assertThat(partitionState()).isEqualTo("creating");
    assertThat(started()).isEmpty();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void requests_whose_commit_was_not_answered_are_whole_or_not_there() {
    // Given
    String _ = ProxiedPostgres.say("dropReplyToCommitAfter requests=5 first=0");

    // When
    Response answer = post("");

    // Then
    assertThat(ProxiedPostgres.say("struck")).isEqualTo("1");
    isTriedLater(answer);
    theDatabaseAnswers();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void a_blob_is_not_discarded_by_a_writer_whose_commit_was_not_answered() {
    // Given
    UUID blob = await(blobs.begin());
    Void _ = await(blobs.put(new BlobKey(blob, 0), lines(5).getBytes(UTF_8)));

    // When
    var discarded = new AtomicReference<CompletableFuture<Void>>();
    var _ =
        await(
            pool.withTransaction(connection ->
                connection
                    .preparedQuery("UPDATE blob SET state = 'LIVE' WHERE id = $1")
                    .execute(Tuple.of(blob))
                    .invoke(
                        () -> discarded.set(blobs.discard(blob).subscribeAsCompletionStage()))));
    Void _ = Objects.requireNonNull(discarded.get()).join();

    // Then
    assertThat(await(blobs.get(new BlobKey(blob, 0)))).isEqualTo(lines(5).getBytes(UTF_8));
  }

  @Test
  void a_blob_without_a_reference_is_discarded() {
    // Given
    UUID blob = await(blobs.begin());
    Void _ = await(blobs.put(new BlobKey(blob, 0), lines(5).getBytes(UTF_8)));

    // When
    Void _ = await(blobs.discard(blob));

    // Then
    assertThat(sql("SELECT 1 FROM blob WHERE id = $1", blob)).isEmpty();
    assertThat(sql("SELECT 1 FROM blob_chunk WHERE blob_id = $1", blob)).isEmpty();
  }

  @Test
  void answers_whose_commit_was_not_answered_are_published_once() {
    // Given
    submit(5);
    tick();

    // When
    String _ = ProxiedPostgres.say("dropReplyToCommitAfter succeeded=5 failed=0");
    runUntilStruck();

    // Then
    theDatabaseAnswers();
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  @Test
  void callers_get_a_retry_after_while_the_database_is_away() {
    // Given
    submit(5);
    String _ = ProxiedPostgres.say("down");

    // When
    Response read = given().get("/v1/tasks/" + task);
    Response list = given().get("/v1/tasks");
    Response upload =
        given()
            .contentType("application/x-ndjson")
            .body(lines(5).getBytes(UTF_8))
            .post("/v1/tasks?name=" + task + "-second");
    tick();

    // Then
    isTriedLater(read);
    isTriedLater(list);
    isTriedLater(upload);
    given().get("/q/health/live").then().statusCode(200);
    given().get("/q/health/ready").then().statusCode(200);
    String _ = ProxiedPostgres.say("up");
    theDatabaseAnswers();
    given().get("/v1/tasks/" + task + "-second").then().statusCode(404);
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  @Test
  void sessions_that_an_administrator_ends_all_the_time_cost_only_time() {
    // Given
    submit(12, "batch_size=4");

    // When
    for (int i = 0; i < 8; i++) {
      var step = tickElsewhere();
      List<Row> _ =
          sql(
              """
              SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()\
              """);
      step.join();
      clock.advance(Duration.ofSeconds(20));
      theDatabaseAnswers();
    }
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(12);
    assertThat(started()).hasSize(3);
  }

  /// A fail-over under way: a new connection reaches a read-only server.
  @Test
  void a_read_only_database_is_waited_for() {
    // Given
    submit(5);
    Response upload;

    // When
    newConnections("SET default_transaction_read_only = on");
    try {
      String _ = ProxiedPostgres.say("reset");
      upload = post("-second");
      tick();
    } finally {
      newConnections("RESET default_transaction_read_only");
    }

    // Then
    isTriedLater(upload);
    theTaskWaitedAndGoesOn();
  }

  /// An administrator at work: the connections stay, and what they change is refused.
  @Test
  void a_database_that_turns_read_only_under_its_connections_is_waited_for() {
    // Given
    submit(5);
    Response upload;

    // When
    allConnectionsAre("on");
    try {
      upload = post("-second");
      tick();
    } finally {
      allConnectionsAre("off");
    }

    // Then
    isTriedLater(upload);
    theTaskWaitedAndGoesOn();
  }

  /// The lock is held past the pool: the sessions of its connections end when they are idle in a
  /// transaction for as long as a tick may take.
  @Test
  void a_task_that_stays_locked_is_settled_later() throws SQLException {
    // Given
    submit(5);
    tick();
    clock.advance(Duration.ofMinutes(10));

    // When
    try (var holder = administrator();
        var statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      assertThat(statement.execute("SELECT 1 FROM task FOR UPDATE")).isTrue();
      dispatcher.tick().await().atMost(BOUND);
    }
    assertThat(state()).isEqualTo("running");
    run();

    // Then
    everyRequestIsAnsweredAndBilledOnce(5);
    oneBatchWasStarted();
  }

  private static <T> T await(Uni<T> work) {
    return work.await().atMost(BOUND);
  }

  private void runUntilStruck() {
    for (int round = 0; round < 20 && ProxiedPostgres.say("struck").equals("0"); round++) {
      theDatabaseAnswers();
      waitForTheNextMove();
      tick();
    }
    assertThat(ProxiedPostgres.say("struck")).isEqualTo("1");
  }

  private Response post(String suffix) {
    return given()
        .contentType("application/x-ndjson")
        .body(lines(5).getBytes(UTF_8))
        .post("/v1/tasks?name=" + task + suffix);
  }

  private static void isTriedLater(Response answer) {
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(503);
    assertThat(answer.contentType()).contains("application/problem+json");
    assertThat(answer.header("Retry-After")).isNotEmpty();
  }

  private void theTaskWaitedAndGoesOn() {
    theDatabaseAnswers();
    assertThat(state()).isEqualTo("running");
    run();
    everyRequestIsAnsweredAndBilledOnce(5);
  }

  /// All of the pool's connections have been tried, or replaced: they are held at the same time, so
  /// that none is tried twice and another not at all.
  private void theDatabaseAnswers() {
    eventually(this::everyConnectionAnswers);
    eventually(() -> given().get("/v1/tasks").statusCode() == 200);
  }

  private SqlConnection connectionOf(PoolUser user) {
    return Uni.createFrom()
        .<SqlConnection>emitter(emitter -> {
          var context = VertxContext.createNewDuplicatedContext(vertx.getOrCreateContext());
          user.mark(context);
          context.runOnContext(_ -> {
            var _ = pool.getConnection().subscribe().with(emitter::complete, emitter::fail);
          });
        })
        .await()
        .atMost(BOUND);
  }

  private boolean everyConnectionAnswers() {
    var held = new ArrayList<SqlConnection>();
    try {
      for (PoolUser user : PoolUser.values()) {
        for (int i = 0; i < user.share(CONNECTIONS); i++) {
          held.add(connectionOf(user));
        }
      }
      held.forEach(connection ->
          assertThat(connection.query("SELECT 1").execute().await().atMost(BOUND)).hasSize(1));
      return true;
    } catch (RuntimeException stale) {
      return false;
    } finally {
      held.forEach(
          connection -> connection.close().onFailure().recoverWithNull().await().atMost(BOUND));
    }
  }

  private static void newConnections(String change) {
    String _ =
        administer(
            "BEGIN READ WRITE; ALTER DATABASE %s %s; COMMIT"
                .formatted(administer("SELECT current_database()"), change));
  }

  private static void allConnectionsAre(String readOnly) {
    String _ = administer("ALTER SYSTEM SET default_transaction_read_only = " + readOnly);
    String _ = administer("SELECT pg_reload_conf()");
    eventually(() -> administer("SHOW default_transaction_read_only").equals(readOnly));
  }

  /// Past the service and its pool, by a connection of its own.
  private static String administer(String sql) {
    try (var connection = administrator();
        var statement = connection.createStatement()) {
      return statement.execute(sql) && statement.getResultSet().next()
          ? statement.getResultSet().getString(1)
          : "";
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static Connection administrator() throws SQLException {
    String url = ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class);
    return DriverManager.getConnection(url, PostgresForTests.USER, "");
  }

  /// Everything that has a limit has a short one.
  public static final class Proxied extends FlowProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      var settings = new HashMap<>(super.getConfigOverrides());
      settings.put("arctic.database.silence", "3s");
      settings.put("arctic.database.connect", "2s");
      settings.put("quarkus.datasource.reactive.idle-timeout", "1S");
      settings.put("quarkus.datasource.reactive.max-size", Integer.toString(CONNECTIONS));
      settings.put("quarkus.datasource.reactive.additional-properties.statement_timeout", "1500ms");
      settings.put("quarkus.datasource.reactive.additional-properties.lock_timeout", "1s");
      settings.put(
          "quarkus.datasource.reactive.additional-properties.idle_in_transaction_session_timeout",
          "2s");
      return settings;
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(ProxiedPostgres.class));
    }
  }
}
