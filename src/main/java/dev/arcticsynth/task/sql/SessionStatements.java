package dev.arcticsynth.task.sql;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.hibernate.reactive.mutiny.impl.MutinySessionImpl;
import org.jspecify.annotations.Nullable;

/// Statements in the transaction of the current session.
public final class SessionStatements {

  private static final int ROWS_A_STATEMENT = 1_000;

  private static final String LONG =
      "SELECT set_config('statement_timeout', '45s', true), set_config('lock_timeout', '40s', true)";

  private SessionStatements() {}

  /// Runs one native statement, after what is changed in entities; the number of rows it changed.
  public static Uni<Integer> execute(String sql, Map<String, ?> parameters) {
    return Panache.getSession()
        .chain(session -> {
          var query = session.createNativeQuery(sql);
          parameters.forEach(query::setParameter);
          return query.executeUpdate();
        });
  }

  /// Runs a statement over many rows, which come as arrays for `unnest`: some rows a statement.
  ///
  /// On the connection of the session itself: its queries bind no arrays of bytes. What is changed
  /// in entities must be flushed before.
  ///
  /// @param sql with `$1`, `$2` and so on
  /// @param parameters of some of the rows: values, and an array for each column
  public static <T> Uni<Void> executeBulk(
      String sql, List<T> rows, Function<Columns<T>, Object[]> parameters) {
    var slices = new ArrayList<Columns<T>>();
    for (int at = 0; at < rows.size(); at += ROWS_A_STATEMENT) {
      slices.add(new Columns<>(rows.subList(at, Math.min(rows.size(), at + ROWS_A_STATEMENT))));
    }
    return Panache.getSession()
        .map(session -> ((MutinySessionImpl) session).getReactiveConnection())
        .chain(connection ->
            Multi.createFrom()
                .iterable(slices)
                .onItem()
                .transformToUniAndConcatenate(slice ->
                    Uni.createFrom()
                        .completionStage(() -> connection.update(sql, parameters.apply(slice))))
                .onItem()
                .ignoreAsUni());
  }

  /// This transaction has statements over millions of rows, or waits for one that has. The pool's
  /// limits are for the others; this one is bounded by `arctic.database.silence`.
  public static Uni<Void> mayTakeLong() {
    return Panache.getSession()
        .chain(session -> session.createNativeQuery(LONG, Object[].class).getSingleResult())
        .replaceWithVoid();
  }

  /// Rows, to be taken column by column.
  public record Columns<T>(List<T> rows) {

    public Long[] longs(ToLongFunction<T> column) {
      return rows.stream().map(column::applyAsLong).toArray(Long[]::new);
    }

    public Integer[] ints(ToIntFunction<T> column) {
      return rows.stream().map(column::applyAsInt).toArray(Integer[]::new);
    }

    /// Without NUL: PostgreSQL's text cannot hold one, and a provider's message may.
    public String[] texts(Function<T, String> column) {
      return rows.stream().map(row -> column.apply(row).replace("\0", "")).toArray(String[]::new);
    }

    public @Nullable Buffer[] bytes(Function<T, byte @Nullable []> column) {
      var buffers = new @Nullable Buffer[rows.size()];
      for (int i = 0; i < buffers.length; i++) {
        byte @Nullable [] bytes = column.apply(rows.get(i));
        buffers[i] = bytes == null ? null : Buffer.buffer(bytes);
      }
      return buffers;
    }
  }
}
