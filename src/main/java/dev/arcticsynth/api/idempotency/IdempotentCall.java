package dev.arcticsynth.api.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.task.idempotency.IdempotencyStore;
import dev.arcticsynth.task.idempotency.IdempotencyStore.Reservation.Granted;
import dev.arcticsynth.task.idempotency.IdempotencyStore.StoredResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// A call while it runs: at most once with an `Idempotency-Key`, and unconditionally without one.
public sealed interface IdempotentCall {

  /// The body, to be read once and to its end before [#commit].
  Multi<Buffer> lines();

  /// Makes the change and returns the answer. With a key both are one transaction: the change must
  /// only use Hibernate's session, since it may be rolled back.
  Uni<Response> commit(Supplier<Uni<Response>> change);

  /// Without a key.
  record Unreserved(Supplier<Multi<Buffer>> body) implements IdempotentCall {
    @Override
    public Multi<Buffer> lines() {
      return body.get();
    }

    @Override
    public Uni<Response> commit(Supplier<Uni<Response>> change) {
      return change.get();
    }
  }

  /// With a key that is reserved for it: takes the fingerprint of the body while that is read,
  /// renews the reservation meanwhile, and commits the answer along with the change.
  final class Reserved implements IdempotentCall {

    private final IdempotencyStore records;
    private final Granted granted;
    private final Fingerprint fingerprint;
    private final Supplier<Multi<Buffer>> body;
    private final InstantSource clock;
    private final ObjectMapper json;
    private Instant renewed;

    Reserved(
        IdempotencyStore records,
        Granted granted,
        Fingerprint fingerprint,
        Supplier<Multi<Buffer>> body,
        InstantSource clock,
        ObjectMapper json) {
      this.records = records;
      this.granted = granted;
      this.fingerprint = fingerprint;
      this.body = body;
      this.clock = clock;
      this.json = json;
      this.renewed = clock.instant();
    }

    @Override
    public Multi<Buffer> lines() {
      return body.get().invoke(fingerprint::add).call(this::renew);
    }

    /// While bytes arrive. After a connection that died silently, a retry is accepted when the
    /// lease has expired.
    private Uni<Void> renew() {
      Instant now = clock.instant();
      if (now.isBefore(renewed.plus(records.renewal()))) {
        return Uni.createFrom().voidItem();
      }
      renewed = now;
      return records.renew(granted);
    }

    @Override
    public Uni<Response> commit(Supplier<Uni<Response>> change) {
      return records
          .commit(granted, () -> change.get().map(this::stored))
          .map(answer -> response(answer).build());
    }

    private StoredResponse stored(Response response) {
      return new StoredResponse(
          fingerprint.hex(),
          response.getStatus(),
          Optional.ofNullable(response.getHeaderString("Location")),
          Optional.ofNullable(response.getEntity()).map(this::text));
    }

    private String text(Object entity) {
      try {
        return json.writeValueAsString(entity);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("Records can always be written", e);
      }
    }
  }

  /// The same bytes for the first answer and every replay.
  static Response.ResponseBuilder response(StoredResponse answer) {
    var response = Response.status(answer.status());
    answer.location().ifPresent(path -> response.header("Location", path));
    answer.body().ifPresent(text -> response.type(MediaType.APPLICATION_JSON_TYPE).entity(text));
    return response;
  }
}
