package dev.arcticsynth.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.arcticsynth.support.PostgresForTests;
import dev.arcticsynth.support.TcpProxy;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A pool whose wire to PostgreSQL is cut in all the ways there are.
class PgPoolFactoryTest {

  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final String jdbcUrl = PostgresForTests.freshJdbcUrl();
  private final URI database = URI.create(jdbcUrl.substring(5));
  private final TcpProxy wire = new TcpProxy(database.getPort());
  private final Pool pool =
      Pool.newInstance(
          new PgPoolFactory(new Limits()).create(input(List.of(options(wire.port())))));

  @AfterEach
  void close() {
    pool.close().await().atMost(BOUND);
    wire.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void a_query_on_a_connection_that_fell_silent_fails_and_the_next_one_does_not() {
    // Given
    ask();
    wire.blackhole();

    // When
    var failure = catchThrowable(this::ask);

    // Then
    assertThat(Outage.of(failure)).as("%s", failure).contains(Outage.AWAY);
    soon(this::ask);
  }

  @Test
  void a_prepared_query_on_a_connection_that_fell_silent_fails() {
    // Given
    prepared();
    wire.blackhole();

    // When
    var failure = catchThrowable(this::prepared);

    // Then
    assertThat(Outage.of(failure)).as("%s", failure).contains(Outage.AWAY);
    soon(this::prepared);
  }

  @Test
  void a_transaction_whose_connection_falls_silent_fails() {
    // When
    var failure =
        catchThrowable(() ->
            pool.withTransaction(connection ->
                    connection
                        .query("SELECT 1")
                        .execute()
                        .invoke(wire::blackhole)
                        .chain(() -> connection.query("SELECT 2").execute()))
                .await()
                .atMost(BOUND));

    // Then
    assertThat(Outage.of(failure)).as("%s", failure).contains(Outage.AWAY);
    soon(this::ask);
  }

  @Test
  void a_connection_that_is_taken_and_never_greeted_is_given_up() {
    // Given
    wire.blackholeNewConnections();

    // When
    var failure = catchThrowable(this::ask);

    // Then
    assertThat(Outage.of(failure)).as("%s", failure).contains(Outage.AWAY);
    wire.up();
    soon(this::ask);
  }

  @Test
  void a_query_while_the_database_is_away_fails_and_the_next_one_does_not() {
    // Given
    ask();
    wire.down();

    // When
    var failure = catchThrowable(this::ask);
    var again = catchThrowable(this::ask);

    // Then
    assertThat(Outage.of(failure)).as("%s", failure).contains(Outage.AWAY);
    assertThat(Outage.of(again)).as("%s", again).contains(Outage.AWAY);
    wire.up();
    soon(this::ask);
  }

  @Test
  void a_read_only_server_is_not_connected_to() throws Exception {
    // Given
    readOnly("on");

    // When
    var failure = catchThrowable(this::ask);

    // Then
    assertThat(Outage.of(failure)).as("%s", failure).contains(Outage.AWAY);
    assertThat(failure).hasMessageContaining("takes no changes");
    readOnly("off");
    ask();
  }

  @Test
  void of_several_servers_one_that_cannot_be_used_is_passed_over() {
    // Given
    wire.down();
    var both = List.of(options(wire.port()), options(database.getPort()));
    Pool second = Pool.newInstance(new PgPoolFactory(new Limits()).create(input(both)));

    // When
    var connections =
        IntStream.range(0, 2).mapToObj(_ -> second.getConnection().await().atMost(BOUND)).toList();

    // Then
    assertThat(connections)
        .allSatisfy(connection ->
            assertThat(connection.query("SELECT 1").execute().await().atMost(BOUND)).hasSize(1));
    connections.forEach(connection -> connection.close().await().atMost(BOUND));
    second.close().await().atMost(BOUND);
  }

  @Test
  void callers_who_take_all_their_connections_leave_those_of_others() {
    // Given
    var divided =
        Pool.newInstance(
            new PgPoolFactory(new Limits())
                .create(
                    new Settings(
                        vertx,
                        new PoolOptions().setMaxSize(4),
                        List.of(options(database.getPort())))));
    var held = new ArrayList<SqlConnection>();
    for (int i = 0; i < PoolUser.CALLERS.share(4); i++) {
      held.add(divided.getConnection().await().atMost(BOUND));
    }
    var waiting = divided.query("SELECT 1").execute().subscribeAsCompletionStage();

    // When
    List<Integer> rows =
        Stream.of(PoolUser.LISTENERS, PoolUser.PIPELINE)
            .map(user -> Uni.createFrom().<Integer>emitter(emitter -> ask(divided, user, emitter)))
            .map(answer -> answer.await().atMost(BOUND))
            .toList();

    // Then
    assertThat(rows).containsExactly(1, 1);
    assertThat(waiting).isNotDone();
    held.forEach(connection -> connection.close().await().atMost(BOUND));
    assertThat(waiting).succeedsWithin(BOUND);
    divided.close().await().atMost(BOUND);
  }

  private void ask(Pool divided, PoolUser user, UniEmitter<? super Integer> emitter) {
    var context = ((VertxInternal) vertx).getOrCreateContext().duplicate();
    user.mark(context);
    context.runOnContext(_ -> {
      var _ =
          divided
              .query("SELECT 1")
              .execute()
              .subscribe()
              .with(rows -> emitter.complete(rows.size()), emitter::fail);
    });
  }

  private void readOnly(String word) throws SQLException {
    try (var connection = DriverManager.getConnection(jdbcUrl);
        var statement = connection.createStatement()) {
      boolean _ =
          statement.execute(
              "BEGIN READ WRITE; ALTER DATABASE %s SET default_transaction_read_only = %s; COMMIT"
                  .formatted(connection.getCatalog(), word));
    }
  }

  /// A pool hands out a connection that breaks at this moment, once.
  private static void soon(ThrowingRunnable query) {
    Awaitility.await().atMost(BOUND).ignoreExceptions().untilAsserted(query);
  }

  private void ask() {
    assertThat(pool.query("SELECT 1").execute().await().atMost(BOUND)).hasSize(1);
  }

  private void prepared() {
    assertThat(pool.preparedQuery("SELECT 1").execute().await().atMost(BOUND)).hasSize(1);
  }

  private PgPoolCreator.Input input(List<PgConnectOptions> servers) {
    return new Settings(vertx, new PoolOptions().setMaxSize(2), servers);
  }

  private PgConnectOptions options(int port) {
    return new PgConnectOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setDatabase(database.getPath().substring(1))
        .setUser(PostgresForTests.USER)
        .setPassword(PostgresForTests.PASSWORD)
        .setCachePreparedStatements(true);
  }

  private record Settings(
      Vertx vertx, PoolOptions poolOptions, List<PgConnectOptions> pgConnectOptionsList)
      implements PgPoolCreator.Input {}

  private record Limits() implements ConnectionConfig {
    @Override
    public Duration connect() {
      return SILENCE;
    }

    @Override
    public Duration silence() {
      return SILENCE;
    }

    @Override
    public Duration outageGrace() {
      return SILENCE;
    }
  }
}
