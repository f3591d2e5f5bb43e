package dev.arcticsynth.provider.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.core.http.HttpClient;
import io.vertx.mutiny.core.http.HttpClientRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Sends the small calls of a control plane: at most a JSON text, answered by a text, whatever the
/// status: between us and the provider sit machines that answer with pages of their own. Redirects
/// are followed on the account's own origin; another address is never called.
public final class HttpExchange {

  /// Longer than any call may take: the calls have limits of their own.
  private static final Duration SILENCE = Duration.ofSeconds(90);

  private static final int MAX_CONNECTIONS = 64;
  private static final int MAX_REDIRECTS = 5;

  private final URI account;
  private final HttpCredentials httpCredentials;
  private final Duration connect;
  private final Proxies proxies;
  private final HttpClient http;

  /// @param account where the account's API is
  /// @param connect limit for opening a connection
  public HttpExchange(
      Vertx vertx,
      URI account,
      HttpCredentials httpCredentials,
      Duration connect,
      Proxies proxies) {
    this.account = account;
    this.httpCredentials = httpCredentials;
    this.connect = connect;
    this.proxies = proxies;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(connect.toMillis()))
                .setMaxPoolSize(MAX_CONNECTIONS)
                .setKeepAliveTimeout(Math.toIntExact(HttpTransfer.KEEP_ALIVE.toSeconds())));
  }

  public Uni<HttpReply> send(HttpCall httpCall, HttpMethod method, URI target) {
    return send(httpCall, new Call(method, target, Optional.empty()), MAX_REDIRECTS);
  }

  /// @param json the body
  public Uni<HttpReply> send(HttpCall httpCall, HttpMethod method, URI target, String json) {
    return send(
        httpCall, new Call(method, target, Optional.of(Buffer.buffer(json))), MAX_REDIRECTS);
  }

  private record Call(HttpMethod method, URI target, Optional<Buffer> json) {
    Call at(URI next) {
      return new Call(method, next, json);
    }

    /// 307 and 308 say that it was not done, and to do it elsewhere. The others may say that it was
    /// done, and where to read the outcome.
    boolean mayFollow(int status) {
      return status >= 307 || method.equals(HttpMethod.GET);
    }
  }

  private Uni<HttpReply> send(HttpCall httpCall, Call call, int redirects) {
    return http.request(options(call))
        .chain(request ->
            exchange(httpCall, call, request)
                .onTermination()
                .invoke((_, failure, isCancelled) -> {
                  if (failure != null || isCancelled) {
                    boolean _ = request.reset();
                  }
                }))
        .chain(httpReply -> {
          Optional<URI> next =
              httpReply
                  .redirect()
                  .filter(to -> Origin.isSame(to, account) && call.mayFollow(httpReply.status()));
          if (next.isEmpty()) {
            return Uni.createFrom().item(httpReply);
          }
          return redirects > 0
              ? send(httpCall, call.at(next.get()), redirects - 1)
              : Uni.createFrom().failure(httpCall.circles(next.get()));
        });
  }

  private static Uni<HttpReply> exchange(HttpCall httpCall, Call call, HttpClientRequest request) {
    // Every failure comes with the answer too; without a handler it is logged as an error as well.
    HttpClientRequest quiet = request.exceptionHandler(_ -> {});
    return call.json()
        .map(quiet::send)
        .orElseGet(quiet::send)
        .chain(response -> ReplyReader.read(httpCall, call.target(), response));
  }

  private RequestOptions options(Call call) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(call.method())
            .setAbsoluteURI(call.target().toString())
            .setConnectTimeout(connect.toMillis())
            .setTimeout(SILENCE.toMillis())
            .putHeader("Accept", "application/json");
    proxies.of(call.target()).ifPresent(options::setProxyOptions);
    httpCredentials.headers().forEach(options::putHeader);
    if (call.json().isPresent()) {
      options.putHeader("Content-Type", "application/json");
    } else if (call.method().equals(HttpMethod.POST)) {
      options.putHeader("Content-Length", "0");
    }
    return options;
  }
}
