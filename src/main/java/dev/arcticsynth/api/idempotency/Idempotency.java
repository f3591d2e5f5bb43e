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

/// Does calls that carry an `Idempotency-Key` once, however often they are sent
/// (`docs/RELIABILITY.md#idempotency`).
///
/// The first one reserves the key, does the work, and commits its answer in the transaction of the
/// change. Those that come after get that answer; while the first is at it, they are told so. A
/// call that fails leaves nothing, and its key is free.
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
  /// @param fingerprint of all that is asked but the lines
  /// @param lines read by the work, or, where the call was done before, to compare it
  /// @param work everything that may be refused belongs into it: what was done before is not
  ///   checked again
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
        // The framework cancels what it does for a caller who goes away; the key would stay taken.
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
          "This Idempotency-Key was used for a call that asked for something else; nothing was"
              + " changed. Take a new key for a new call.");
    }
  }
}
