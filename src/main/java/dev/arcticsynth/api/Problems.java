package dev.arcticsynth.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.arcticsynth.api.callback.NoSuchCallbackException;
import dev.arcticsynth.api.http.AllowedMethods;
import dev.arcticsynth.api.http.InvalidRequestException;
import dev.arcticsynth.api.http.UnreadBody;
import dev.arcticsynth.api.idempotency.Idempotency;
import dev.arcticsynth.api.idempotency.IdempotencyHeader;
import dev.arcticsynth.api.model.Problem;
import dev.arcticsynth.api.provider.InvalidSignatureException;
import dev.arcticsynth.blob.DamagedBlobException;
import dev.arcticsynth.database.Outage;
import dev.arcticsynth.pipeline.body.BusyException;
import dev.arcticsynth.pipeline.body.SlowBodyException;
import dev.arcticsynth.pipeline.decode.UnreadableBodyException;
import dev.arcticsynth.pipeline.ingest.BodyTooLargeException;
import dev.arcticsynth.pipeline.ingest.InvalidLinesException;
import dev.arcticsynth.pipeline.results.FetchedAnswers.NoAnswersException;
import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.task.TaskException.AdoptionRefusedException;
import dev.arcticsynth.task.TaskException.AmbiguousIdsException;
import dev.arcticsynth.task.TaskException.NoSuchTaskException;
import dev.arcticsynth.task.TaskException.TaskExistsException;
import dev.arcticsynth.task.TaskException.WrongStateException;
import dev.arcticsynth.task.audit.FileRecords.AccountClosedException;
import dev.arcticsynth.task.idempotency.IdempotencyStore.CallInProgressException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/// Every failure as RFC 9457 problem details with a type that never changes its meaning.
@SuppressWarnings("NullAway.Init") // the framework injects the field
class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);
  private static final String TYPES = "https://arcticsynth.dev/problems/";

  @Context HttpServerRequest request;
  @Inject AllowedMethods allowedMethods;

  @ServerExceptionMapper
  RestResponse<Problem> badLines(InvalidLinesException e) {
    var entries =
        e.problems().stream()
            .map(p -> new Problem.Entry(p.line(), p.pointer(), p.code(), p.detail()))
            .toList();
    return answer(422, "bad-lines", "Invalid request lines", e.getMessage(), entries, e.total());
  }

  @ServerExceptionMapper
  RestResponse<Problem> noAnswers(NoAnswersException e) {
    return answer(422, "no-answers", "No answers of the task", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> tooLarge(BodyTooLargeException e) {
    return answer(413, "too-large", "Request body too large", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> busy(BusyException e) {
    var answer = answer(503, "busy", "Service overloaded", e.getMessage());
    answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, 5);
    return answer;
  }

  @ServerExceptionMapper
  RestResponse<Problem> tooSlow(SlowBodyException e) {
    return answer(408, "too-slow", "Request too slow", e.getMessage());
  }

  /// Of a JSON body; one of lines is refused with its first line.
  @ServerExceptionMapper
  RestResponse<Problem> unreadable(UnreadableBodyException e) {
    return badRequest(
        new InvalidRequestException(
            "", e.code(), "The body cannot be read: " + e.getMessage() + "."));
  }

  @ServerExceptionMapper
  RestResponse<Problem> badRequest(InvalidRequestException e) {
    return answer(422, "bad-request", "Invalid request", e.getMessage(), e.entries(), null);
  }

  @ServerExceptionMapper
  RestResponse<Problem> badKey(IdempotencyHeader.Malformed e) {
    return answer(400, "bad-idempotency-key", "Invalid idempotency key", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> keyReused(Idempotency.KeyReused e) {
    return answer(422, "idempotency-key-reused", "Reused idempotency key", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> underWay(CallInProgressException e) {
    var answer = answer(409, "idempotency-in-progress", "Call in progress", e.getMessage());
    answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, 2);
    return answer;
  }

  @ServerExceptionMapper
  RestResponse<Problem> ambiguousIds(AmbiguousIdsException e) {
    return answer(422, "ambiguous-ids", "Ambiguous request ids", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> noSuchTask(NoSuchTaskException e) {
    return answer(404, "no-such-task", "Unknown task", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> noSuchCallback(NoSuchCallbackException e) {
    return answer(404, "no-such-callback", "Unknown callback", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> badSignature(InvalidSignatureException e) {
    return answer(401, "bad-signature", "Invalid signature", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> taskExists(TaskExistsException e) {
    return answer(409, "task-exists", "Duplicate task name", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> wrongState(WrongStateException e) {
    return answer(409, "wrong-state", "Conflicting state", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> adoptionRefused(AdoptionRefusedException e) {
    return answer(409, "adoption-refused", "Batch not adopted", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> damaged(DamagedBlobException e) {
    LOG.error(e.getMessage());
    return answer(500, "integrity", "Damaged stored data", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> accountClosed(AccountClosedException e) {
    var answer = answer(503, "account-not-ready", "Provider account not ready", e.getMessage());
    answer.getHeaders().putSingle(HttpHeaders.RETRY_AFTER, 60);
    return answer;
  }

  @ServerExceptionMapper
  RestResponse<Problem> provider(ProviderException e) {
    return answer(502, "provider", "Provider call failed", e.getMessage());
  }

  @ServerExceptionMapper
  RestResponse<Problem> json(JsonProcessingException e) {
    var at = e.getLocation();
    String what =
        String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field")
            ? "A member occurs twice in the body"
            : "The body cannot be read as JSON";
    return answer(
        400,
        "invalid-json",
        "Invalid JSON",
        at == null
            ? what + "."
            : "%s at line %d, column %d.".formatted(what, at.getLineNr(), at.getColumnNr()));
  }

  /// The body is JSON, but does not describe a task.
  @ServerExceptionMapper({MismatchedInputException.class, JsonMappingException.class})
  RestResponse<Problem> wrongMember(JsonMappingException e) {
    var pointer = new StringBuilder();
    for (var step : e.getPath()) {
      pointer
          .append('/')
          .append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
    }
    return e instanceof UnrecognizedPropertyException
        ? badRequest(
            new InvalidRequestException(
                pointer.toString(), "unknown_member", "There is no such member."))
        : badRequest(
            new InvalidRequestException(
                pointer.toString(), "wrong_type", "The member is of another type."));
  }

  /// The framework answers 404 for a query parameter that it cannot read, and 400 for a header.
  private Optional<InvalidRequestException> unreadable(WebApplicationException e) {
    if (!(e.getCause() instanceof NumberFormatException)) {
      return Optional.empty();
    }
    String reason = String.valueOf(e.getCause().getMessage());
    var named = new java.util.ArrayList<>(request.params().entries());
    named.addAll(request.headers().entries());
    return named.stream()
        .filter(entry -> reason.contains('"' + entry.getValue() + '"'))
        .map(java.util.Map.Entry::getKey)
        .findFirst()
        .map(name -> new InvalidRequestException(name, "wrong_type", name + " is a whole number."));
  }

  @ServerExceptionMapper
  RestResponse<Problem> framework(WebApplicationException e) {
    Optional<InvalidRequestException> parameter = unreadable(e);
    if (parameter.isPresent()) {
      return badRequest(parameter.get());
    }
    Optional<String> methods = allowedMethods.of(request.path());
    boolean isOther =
        methods
            .filter(all -> !List.of(all.split(", ", -1)).contains(request.method().name()))
            .isPresent();
    Response.StatusType status =
        isOther && e.getResponse().getStatus() == 404
            ? Response.Status.METHOD_NOT_ALLOWED
            : e.getResponse().getStatusInfo();
    String detail =
        switch (status.getStatusCode()) {
          case 404 -> "There is nothing at %s.".formatted(request.path());
          case 405 -> "%s is not possible at %s.".formatted(request.method(), request.path());
          case 415 -> "The content type must be application/json or application/x-ndjson.";
          default -> status.getReasonPhrase() + ".";
        };
    var answer =
        answer(
            status.getStatusCode(),
            status.getReasonPhrase().toLowerCase(java.util.Locale.ROOT).replace(' ', '-'),
            status.getReasonPhrase(),
            detail);
    if (status.getStatusCode() == 405) {
      answer.getHeaders().putSingle(HttpHeaders.ALLOW, methods.orElse(""));
    }
    return answer;
  }

  @ServerExceptionMapper
  RestResponse<Problem> anything(Throwable e) {
    Optional<Outage> outage = Outage.of(e);
    if (outage.isPresent()) {
      // A line for each call would be one a millisecond; DatabaseHealth logs the outage itself.
      LOG.debugf(e, "Outage: path=%s", request.path());
      return unavailable(outage.get());
    }
    if (e instanceof IllegalArgumentException
        && String.valueOf(e.getMessage()).contains("media type")) {
      return answer(400, "bad-request", "Bad Request", "Content-Type or Accept cannot be read.");
    }
    LOG.errorf(e, "Request failed: method=%s path=%s", request.method(), request.path());
    return answer(500, "bug", "Internal error", "The service's log has the details.");
  }

  private RestResponse<Problem> unavailable(Outage outage) {
    boolean changes = !request.method().equals(HttpMethod.GET);
    UnreadBody.hangUp(request);
    return switch (outage) {
      case AWAY -> later(503, "database-down", "Database unavailable", changes);
      case BUSY -> later(503, "database-busy", "Database overloaded", changes);
      case FULL ->
          changes
              ? later(507, "database-full", "Full database disk", true)
              : later(503, "database-full", "Full database disk", false);
    };
  }

  /// The answer to a commit may be what was lost, so it is unknown whether anything was changed.
  private RestResponse<Problem> later(int status, String type, String title, boolean changes) {
    String detail =
        changes
            ? "Try again later. The call was most likely not done; look whether it was, or send it with an Idempotency-Key, which is safe to repeat."
            : "Try again later.";
    return RestResponse.ResponseBuilder.<Problem>create(status, title)
        .entity(body(status, type, title, detail, List.of(), null))
        .header(HttpHeaders.RETRY_AFTER, 5)
        .type(Problem.MEDIA_TYPE)
        .build();
  }

  private RestResponse<Problem> answer(
      int status, String type, String title, @Nullable String detail) {
    return answer(status, type, title, detail, List.of(), null);
  }

  private RestResponse<Problem> answer(
      int status,
      String type,
      String title,
      @Nullable String detail,
      List<Problem.Entry> entries,
      @Nullable Long total) {
    UnreadBody.hangUp(request);
    return RestResponse.ResponseBuilder.<Problem>create(status, title)
        .entity(body(status, type, title, detail, entries, total))
        .type(Problem.MEDIA_TYPE)
        .build();
  }

  private static Problem body(
      int status,
      String type,
      String title,
      @Nullable String detail,
      List<Problem.Entry> entries,
      @Nullable Long total) {
    return new Problem(
        TYPES + type,
        title,
        status,
        String.valueOf(detail),
        "urn:uuid:" + UUID.randomUUID(),
        entries,
        total);
  }
}
