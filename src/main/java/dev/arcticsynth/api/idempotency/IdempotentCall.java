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
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// A call at the moment in which it is done: at most once with an `Idempotency-Key`, and simply
/// done without one.
public sealed interface IdempotentCall {

  /// The body, to be read once and to its end before [#commit].
  Multi<Buffer> lines();

  /// Does the change and says what is answered. With a key both are one transaction: what is done
  /// in here must be work on the database by Hibernate's session and nothing else, since it may yet
  /// be rolled back.
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

    /// While something comes in. A caller whose connection is dead without a word may come again
    /// when the lease is over.
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
          Optional.ofNullable(response.getLocation()).map(URI::getRawPath),
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

  /// The same bytes, the first time and ever after.
  static Response.ResponseBuilder response(StoredResponse answer) {
    var response = Response.status(answer.status());
    answer.location().ifPresent(path -> response.location(URI.create(path)));
    answer.body().ifPresent(text -> response.type(MediaType.APPLICATION_JSON_TYPE).entity(text));
    return response;
  }
}
