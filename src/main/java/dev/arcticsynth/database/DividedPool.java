package dev.arcticsynth.database;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.pgclient.PgPool;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PrepareOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Query;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/// A pool for each [PoolUser] behind one: whose work runs is known by its context. The framework
/// wants a `PgPool`.
@SuppressWarnings("deprecation")
final class DividedPool implements PgPool {

  private final Map<PoolUser, Pool> pools = new EnumMap<>(PoolUser.class);

  DividedPool(Function<PoolUser, Pool> make) {
    for (PoolUser user : PoolUser.values()) {
      pools.put(user, make.apply(user));
    }
  }

  @SuppressWarnings("NullAway") // there is one for each
  private Pool current() {
    return pools.get(PoolUser.current());
  }

  @Override
  public void getConnection(Handler<AsyncResult<SqlConnection>> handler) {
    current().getConnection(handler);
  }

  @Override
  public Future<SqlConnection> getConnection() {
    return current().getConnection();
  }

  @Override
  public Query<RowSet<Row>> query(String sql) {
    return current().query(sql);
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
    return current().preparedQuery(sql);
  }

  @Override
  public PreparedQuery<RowSet<Row>> preparedQuery(String sql, PrepareOptions options) {
    return current().preparedQuery(sql, options);
  }

  @Override
  public void close(Handler<AsyncResult<Void>> handler) {
    close().onComplete(handler);
  }

  @Override
  public Future<Void> close() {
    return Future.join(pools.values().stream().map(Pool::close).toList()).mapEmpty();
  }

  @Override
  public PgPool connectHandler(Handler<SqlConnection> handler) {
    pools.values().forEach(pool -> pool.connectHandler(handler));
    return this;
  }

  @Override
  public PgPool connectionProvider(Function<Context, Future<SqlConnection>> provider) {
    pools.values().forEach(pool -> pool.connectionProvider(provider));
    return this;
  }

  @Override
  public int size() {
    return pools.values().stream().mapToInt(Pool::size).sum();
  }
}
