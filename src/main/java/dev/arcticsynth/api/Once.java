package dev.arcticsynth.api;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;

/// A call at the moment in which it is done: at most once where its caller gave it a key, and
/// simply done where he did not.
interface Once {

  /// The body, to be read once and to its end before [#commit].
  Multi<Buffer> lines();

  /// Does the change and says what is answered. With a key both are one transaction: what is done
  /// in here must be work on the database by Hibernate's session and nothing else, since it may yet
  /// be rolled back.
  Uni<Response> commit(Supplier<Uni<Response>> change);

  /// Without a key.
  record Unkeyed(Supplier<Multi<Buffer>> body) implements Once {
    @Override
    public Multi<Buffer> lines() {
      return body.get();
    }

    @Override
    public Uni<Response> commit(Supplier<Uni<Response>> change) {
      return change.get();
    }
  }
}
