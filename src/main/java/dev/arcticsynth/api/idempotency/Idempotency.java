package dev.arcticsynth.api.idempotency;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.task.idempotency.IdempotencyStore;
import dev.arcticsynth.task.idempotency.IdempotencyStore.CallInProgressException;
import dev.arcticsynth.task.idempotency.IdempotencyStore.IdempotencyKey;
import dev.arcticsynth.task.idempotency.IdempotencyStore.Reservation;
import dev.arcticsynth.task.idempotency.IdempotencyStore.StoredResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;

/// Runs calls that carry an `Idempotency-Key` once, however often they are sent
/// (`docs/RELIABILITY.md#idempotency`).
///
/// The first call reserves the key, does the work, and commits its answer in the transaction of the
/// change. Repeated calls get that answer, or 409 while the first is in progress. A call that fails
/// releases its key.
@ApplicationScoped
public class Idempotency {

  public static final String REPLAYED = "Idempotency-Replayed";

  private final IdempotencyStore records;
  private final InstantSource clock;
  private final ObjectMapper json;

  Idempotency(IdempotencyStore records, InstantSource clock, ObjectMapper json) {
    this.records = records;
    this.clock = clock;
    this.json = json;
  }

  /// A call without a body.
  ///
  /// @param route the path as a template, `/v1/tasks/{name}/cancel` say
  /// @param change see [IdempotentCall#commit]
  public Uni<Response> once(
      HttpServerRequest request, String route, Supplier<Uni<Response>> change) {
    return once(
        request,
        route,
        new Fingerprint(request),
        Multi.createFrom()::empty,
        once -> once.commit(change));
  }

  /// A call with a body.
  ///
  /// @param fingerprint of the call without its lines
  /// @param lines read by the work, or, where the call was done before, to compare it
  /// @param work includes every validation: a call that was done before is not checked again
  public Uni<Response> once(
      HttpServerRequest request,
      String route,
      Fingerprint fingerprint,
      Supplier<Multi<Buffer>> lines,
      Function<IdempotentCall, Uni<Response>> work) {
    var key = IdempotencyHeader.of(request);
    if (key.isEmpty()) {
      return work.apply(new IdempotentCall.Unreserved(lines));
    }
    return records
        .reserve(new IdempotencyKey(TaskOwner.NAME, request.method().name(), route, key.get()))
        .chain(reservation ->
            switch (reservation) {
              case Reservation.Granted granted -> done(granted, fingerprint, lines, work);
              case Reservation.Done(StoredResponse answer) -> replayed(answer, fingerprint, lines);
              case Reservation.InProgress() ->
                  Uni.createFrom().failure(new CallInProgressException());
            })
        // The framework cancels the work for a closed connection; the key would stay reserved.
        .memoize()
        .indefinitely();
  }

  private Uni<Response> done(
      Reservation.Granted granted,
      Fingerprint fingerprint,
      Supplier<Multi<Buffer>> lines,
      Function<IdempotentCall, Uni<Response>> work) {
    var call = new IdempotentCall.Reserved(records, granted, fingerprint, lines, clock, json);
    return Uni.createFrom()
        .deferred(() -> work.apply(call))
        .onFailure()
        .call(() -> records.free(granted).onFailure().recoverWithNull());
  }

  private static Uni<Response> replayed(
      StoredResponse answer, Fingerprint fingerprint, Supplier<Multi<Buffer>> lines) {
    return lines
        .get()
        .invoke(fingerprint::add)
        .onItem()
        .ignoreAsUni()
        .map(read -> {
          if (!fingerprint.hex().equals(answer.fingerprint())) {
            throw new KeyReused();
          }
          return IdempotentCall.response(answer).header(REPLAYED, "true").build();
        });
  }

  /// A key that belongs to another call.
  public static final class KeyReused extends RuntimeException {
    KeyReused() {
      super(
          "This Idempotency-Key was used for a different call; nothing was changed. Use a new key for a new call.");
    }
  }
}
