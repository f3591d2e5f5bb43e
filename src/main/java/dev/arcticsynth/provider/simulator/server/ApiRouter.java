package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.fault.Operation;
import dev.arcticsynth.provider.simulator.server.CallExecutor.PreparedCall;
import dev.arcticsynth.provider.simulator.server.Pages.Query;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.Ids;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Routes each request to its call, once what it carries has been read.
final class ApiRouter {
  private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final RequestReader requestReader;
  private final FilesApi files;
  private final BatchesApi batches;
  private final AdminApi admin;
  private final CallExecutor executor;
  private final ReplyWriter replyWriter;
  private final ApiShape shape;

  ApiRouter(
      RequestReader requestReader,
      FilesApi files,
      BatchesApi batches,
      AdminApi admin,
      CallExecutor executor,
      ReplyWriter replyWriter,
      ApiShape shape) {
    this.requestReader = requestReader;
    this.files = files;
    this.batches = batches;
    this.admin = admin;
    this.executor = executor;
    this.replyWriter = replyWriter;
    this.shape = shape;
  }

  Router routes(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(ApiRouter::prepare);
    addAdmin(router);
    router.route().handler(this::check);
    shape.bases().forEach(base -> addApi(router, base));
    return router
        .errorHandler(404, context -> fail(context.request(), unknownUrl(context.request())))
        .errorHandler(405, context -> fail(context.request(), notAllowed(context.request())))
        .errorHandler(500, context -> fail(context.request(), context.failure()));
  }

  private void addAdmin(Router router) {
    admin(router.get("/_simulator/faults"), _ -> admin.rules());
    admin(router.post("/_simulator/faults"), admin::add);
    admin(router.delete("/_simulator/faults"), _ -> admin.clear());
    admin(router.get("/_simulator/ledger"), _ -> admin.ledger());
    admin(router.route("/_simulator/*"), _ -> admin.unknown());
  }

  private void addApi(Router router, String base) {
    asSent(router.routeWithRegex(base + "/[^/]*/(?<id>[^/]+)(/.*)?")).handler(ApiRouter::checkId);
    asSent(router.post(base + "/files")).handler(this::upload);
    call(
        router.get(base + "/files"),
        Operation.LIST_FILES,
        (context, _) -> files.list(Query.of(context.request().params(), 10_000, 10_000)));
    call(
        router.get(base + "/files/:id"),
        Operation.RETRIEVE_FILE,
        (context, _) -> files.retrieve(id(context)));
    call(
        router.delete(base + "/files/:id"),
        Operation.DELETE,
        (context, _) -> files.delete(id(context)));
    call(
        router.get(base + "/files/:id/content"),
        Operation.CONTENT,
        (context, _) -> files.content(id(context)));
    call(router.post(base + "/batches"), Operation.CREATE, (_, body) -> batches.create(body));
    call(
        router.get(base + "/batches"),
        Operation.LIST_BATCHES,
        (context, _) -> batches.list(Query.of(context.request().params(), 20, 100)));
    call(
        router.get(base + "/batches/:id"),
        Operation.RETRIEVE,
        (context, _) -> batches.retrieve(id(context)));
    call(
        router.post(base + "/batches/:id/cancel"),
        Operation.CANCEL,
        (context, _) -> batches.cancel(id(context)));
  }

  /// `//files` and `files/..` are unknown to the API, so paths are not normalized.
  private static Route asSent(Route route) {
    return route.useNormalizedPath(false);
  }

  private static void prepare(RoutingContext context) {
    context.response().putHeader("x-request-id", "req_" + Ids.next());
    context.response().exceptionHandler(_ -> {});
    refuseWebPages(context.request());
    context.next();
  }

  /// Prompts and answers lie here, for programs of this machine and not for pages in its browser,
  /// which could point a name of their own at it.
  private static void refuseWebPages(HttpServerRequest request) {
    HostAndPort host = request.authority();
    if (host == null
        || !OWN_NAMES.contains(host.host())
        || request.getHeader("Origin") != null
        || request.getHeader("Sec-Fetch-Site") != null) {
      throw ApiError.of(403, "The simulator answers programs of this machine only.", "cross_site");
    }
  }

  /// A key and a known version of the API come before any answer about a path.
  private void check(RoutingContext context) {
    shape.requireKey(context.request());
    String _ = shape.path(context.request());
    context.next();
  }

  private static void checkId(RoutingContext context) {
    if (!Ids.isWellFormed(id(context))) {
      throw ApiError.notFound("object", "that id");
    }
    context.next();
  }

  private static String id(RoutingContext context) {
    return Objects.requireNonNullElse(context.pathParam("id"), "");
  }

  private void admin(Route route, Function<byte[], JsonNode> work) {
    asSent(route)
        .handler(context -> {
          HttpServerRequest request = context.request();
          finish(
              request,
              requestReader
                  .document(request)
                  .compose(body -> executor.blocking(() -> new ApiReply.Document(work.apply(body))))
                  .compose(apiReply -> replyWriter.send(request, apiReply)));
        });
  }

  private void call(
      Route route, Operation operation, BiFunction<RoutingContext, byte[], ApiReply> work) {
    asSent(route)
        .handler(context -> {
          HttpServerRequest request = context.request();
          finish(
              request,
              requestReader
                  .document(request)
                  .map(body ->
                      new PreparedCall(
                          operation,
                          id(context) + new String(body, StandardCharsets.UTF_8),
                          () -> shape.dressed(operation, request, work.apply(context, body)),
                          () -> {}))
                  .compose(prepared -> executor.run(request, prepared)));
        });
  }

  private void upload(RoutingContext context) {
    HttpServerRequest request = context.request();
    finish(
        request,
        requestReader
            .upload(request)
            .map(upload ->
                new PreparedCall(
                    Operation.UPLOAD,
                    upload.filename(),
                    () -> shape.dressed(Operation.UPLOAD, request, files.upload(upload)),
                    () -> files.forget(upload)))
            .compose(prepared -> executor.run(request, prepared)));
  }

  private void fail(HttpServerRequest request, Throwable failure) {
    finish(request, Future.failedFuture(failure));
  }

  private void finish(HttpServerRequest request, Future<Void> answer) {
    answer
        .recover(failure -> replyWriter.fail(request, failure))
        .onFailure(_ -> request.connection().close());
  }

  private ApiError notAllowed(HttpServerRequest request) {
    return ApiError.of(
        405,
        "Not allowed to %s on %s.".formatted(request.method(), shape.path(request)),
        "method_not_supported");
  }

  private ApiError unknownUrl(HttpServerRequest request) {
    return ApiError.of(
        404, "Invalid URL (%s %s)".formatted(request.method(), shape.path(request)), "unknown_url");
  }
}
