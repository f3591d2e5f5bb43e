package dev.arcticsynth.database;

import static java.util.Locale.ROOT;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import io.vertx.sqlclient.spi.ConnectionFactory;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Creates pools whose connections detect a dead peer, one for each [PoolUser].
///
/// The client has no time limit for a query. Where a firewall drops a connection, or a machine dies
/// silently, a query waits for ever, and so does the step whose query it is, its lease renewed all
/// the while. So a connection on which nothing is received for too long is closed; that fails what
/// waits on it, and the pool opens another one.
///
/// A standby takes connections as well as a primary does, around a fail-over under the same name,
/// and a pool that got one would keep it. So only a server that takes changes will do, as with
/// libpq's `target_session_attrs=read-write`; where several are configured the next one is tried.
@Singleton
class PgPoolFactory implements PgPoolCreator {

  /// Waiting for a connection has no time limit of its own: every connection is free, or gone,
  /// after a while. (The client's limit logs an error for each query that failed before it,
  /// eclipse-vertx/vertx-sql-client issue 1706.)
  private static final int MAX_WAITING = 1_000;

  private final ConnectionConfig config;

  PgPoolFactory(ConnectionConfig config) {
    this.config = config;
  }

  @Override
  public Pool create(Input input) {
    input.pgConnectOptionsList().forEach(this::limit);
    var factory =
        PgDriver.INSTANCE.createConnectionFactory(
            input.vertx(), inTurn(input.pgConnectOptionsList()));
    // The pool closes a factory of its own only; one that is never closed would be closed by its
    // finalizer, behind the event loops, which is logged as an error.
    ((VertxInternal) input.vertx()).addCloseHook(factory);
    int connections = input.poolOptions().getMaxSize();
    return PoolUser.isDivided(connections)
        ? new DividedPool(user ->
            pool(input, factory, user.share(connections), "-" + user.name().toLowerCase(ROOT)))
        : pool(input, factory, connections, "");
  }

  /// @param suffix of its name, by which pools are shared
  private Pool pool(Input input, ConnectionFactory factory, int connections, String suffix) {
    var options = new PoolOptions(input.poolOptions());
    return PgBuilder.pool()
        .with(
            options
                .setName(options.getName() + suffix)
                .setMaxSize(connections)
                .setConnectionTimeout(0)
                .setMaxWaitQueueSize(MAX_WAITING))
        .connectingTo(new ArrayList<SqlConnectOptions>(input.pgConnectOptionsList()))
        .using(input.vertx())
        .build()
        .connectionProvider(
            context -> connect(factory, context, input.pgConnectOptionsList().size()));
  }

  private void limit(PgConnectOptions options) {
    options
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setReadIdleTimeout((int) config.silence().toMillis())
        .setConnectTimeout((int) config.connect().toMillis())
        .setTcpKeepAlive(true);
  }

  private Future<SqlConnection> connect(ConnectionFactory factory, Context context, int servers) {
    return connect(factory, context)
        .recover(failure ->
            servers > 1 ? connect(factory, context, servers - 1) : Future.failedFuture(failure));
  }

  /// The options' time limit is for TCP; a server that accepts the connection and stays silent
  /// counts as unreachable.
  private Future<SqlConnection> connect(ConnectionFactory factory, Context context) {
    Future<SqlConnection> made =
        factory.connect(context).onSuccess(PgPoolFactory::watch).compose(PgPoolFactory::writable);
    return made.timeout(config.connect().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> made.onSuccess(late -> hardClose(late)));
  }

  private static void watch(SqlConnection connection) {
    var pipeline = channel(connection).pipeline();
    pipeline.addAfter(
        pipeline.context(IdleStateHandler.class).name(), "silence", new ClosesOnSilence());
  }

  private static Future<SqlConnection> writable(SqlConnection connection) {
    return connection
        .query("SHOW transaction_read_only")
        .execute()
        .compose(rows ->
            rows.iterator().next().getString(0).equals("off")
                ? Future.succeededFuture(connection)
                : Future.<SqlConnection>failedFuture(readOnly()))
        .onFailure(failure -> hardClose(connection));
  }

  /// As PostgreSQL itself reports it for a change (`read_only_sql_transaction`).
  private static PgException readOnly() {
    String message = "This server takes no changes: it is a standby, or was set to read-only.";
    return new PgException(message, "FATAL", "25006", null);
  }

  private static void hardClose(SqlConnection connection) {
    var unused = channel(connection).pipeline().firstContext().close();
  }

  private static io.netty.channel.Channel channel(SqlConnection connection) {
    var socket = (SocketConnectionBase) ((SqlConnectionInternal) connection).unwrap();
    return socket.socket().channelHandlerContext().channel();
  }

  private static Supplier<Future<SqlConnectOptions>> inTurn(List<PgConnectOptions> servers) {
    var turn = new AtomicInteger();
    return () ->
        Future.succeededFuture(servers.get(Math.floorMod(turn.getAndIncrement(), servers.size())));
  }

  /// By default the client sends Terminate and waits for the peer to close, which a dead peer never
  /// does. A close from here bypasses the client.
  private static final class ClosesOnSilence extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof IdleStateEvent) {
        var unused = context.close();
      } else {
        context.fireUserEventTriggered(event);
      }
    }
  }
}
