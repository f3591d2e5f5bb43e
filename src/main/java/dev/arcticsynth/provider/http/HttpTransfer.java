package dev.arcticsynth.provider.http;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.core.http.HttpClient;
import io.vertx.mutiny.core.http.HttpClientRequest;
import io.vertx.mutiny.core.http.HttpClientResponse;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Sends and receives bodies of any size as streams, as fast as the slower side takes them. Sends
/// credentials to the account's own origin only.
public final class HttpTransfer {

  /// Concurrent transfers.
  private static final int MAX_CONNECTIONS = 64;

  private static final int MAX_REDIRECTS = 5;

  private final Vertx vertx;
  private final URI account;
  private final HttpCredentials httpCredentials;
  private final Limits limits;
  private final HttpClient http;

  /// @param account where the account's API is
  public HttpTransfer(Vertx vertx, URI account, HttpCredentials httpCredentials, Limits limits) {
    this.vertx = vertx;
    this.account = account;
    this.httpCredentials = httpCredentials;
    this.limits = limits;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(limits.connect().toMillis()))
                .setMaxPoolSize(MAX_CONNECTIONS));
  }

  /// How long a transfer may take.
  ///
  /// @param idle while it stands still
  /// @param longest in all
  public record Limits(Duration connect, Duration idle, Duration longest) {}

  /// Sends a body. The answer may come before the body is through: that is a refusal.
  ///
  /// @param length exact, in bytes
  public Uni<HttpReply> post(
      HttpCall httpCall, URI target, String contentType, long length, Multi<Buffer> body) {
    RequestOptions options =
        options(HttpMethod.POST, target, true)
            .putHeader("Content-Type", contentType)
            .putHeader("Content-Length", Long.toString(length));
    httpCall.passes(".before-send");
    return http.request(options)
        .chain(request -> exchange(request, body))
        .onFailure()
        .transform(httpCall::lost);
  }

  /// The body that is at an address. Nothing is sent before the subscription.
  public Multi<Buffer> get(HttpCall httpCall, URI target) {
    return Multi.createFrom()
        .deferred(() ->
            httpCall
                .credentials()
                .prepare()
                .onItem()
                .transformToMulti(_ -> {
                  httpCall.passes(".before-send");
                  return get(httpCall, target, MAX_REDIRECTS);
                }))
        .onFailure()
        .transform(httpCall::lost);
  }

  public Uni<Void> close() {
    return http.close();
  }

  private Uni<HttpReply> exchange(HttpClientRequest request, Multi<Buffer> body) {
    TransferTimeout watch = watch(request);
    Uni<HttpReply> sent =
        body.onItem()
            .transformToUniAndConcatenate(part -> write(request, part, watch))
            .onItem()
            .ignoreAsUni()
            .call(() -> request.end())
            .invoke(watch::waiting)
            // The answer, or its absence, decides the outcome.
            .chain(() -> Uni.createFrom().nothing());
    Uni<HttpReply> answered = request.response().chain(HttpTransfer::reply);
    return Uni.combine()
        .any()
        .of(answered, sent)
        .onTermination()
        .invoke((httpReply, _, _) -> watch.stop(httpReply != null && httpReply.isSuccess()));
  }

  /// A failed write is ignored: the answer that the peer sent before it closed may still arrive.
  private static Uni<Void> write(HttpClientRequest request, Buffer part, TransferTimeout watch) {
    watch.waiting();
    return request
        .write(part)
        .onFailure()
        .recoverWithUni(Uni.createFrom().nothing())
        .invoke(watch::busy);
  }

  private Multi<Buffer> get(HttpCall httpCall, URI target, int redirects) {
    boolean isOurs = sameOrigin(target, account);
    Map<String, String> sent = httpCredentials.headers();
    return http.request(options(HttpMethod.GET, target, isOurs))
        .onItem()
        .transformToMulti(request -> {
          TransferTimeout watch = watch(request);
          return request
              .send()
              .onItem()
              .transformToMulti(
                  response -> body(httpCall, target, response, watch, redirects, sent))
              .onTermination()
              .invoke((failure, isCancelled) -> watch.stop(failure == null && !isCancelled));
        });
  }

  private Multi<Buffer> body(
      HttpCall httpCall,
      URI target,
      HttpClientResponse response,
      TransferTimeout watch,
      int redirects,
      Map<String, String> sent) {
    if (isRedirect(response) && redirects > 0) {
      watch.stop(true);
      return get(httpCall, next(httpCall, target, response), redirects - 1);
    }
    if (response.statusCode() == 401 && redirects > 0 && httpCall.credentials().mayRenew(sent)) {
      watch.stop(true);
      return httpCall
          .credentials()
          .prepare()
          .onItem()
          .transformToMulti(_ -> get(httpCall, target, redirects - 1));
    }
    if (response.statusCode() != 200 || isPage(response)) {
      return reply(response)
          .onItem()
          .transformToMulti(
              httpReply -> Multi.createFrom().failure(noContent(httpCall, httpReply)));
    }
    watch.busy();
    AtomicLong missing = new AtomicLong(length(response));
    return response
        .toMulti()
        .onRequest()
        .invoke(watch::wanted)
        .onItem()
        .invoke(buffer -> {
          watch.got();
          httpCall.passes(".mid-stream");
          missing.addAndGet(-buffer.length());
        })
        .onCompletion()
        .call(() -> {
          httpCall.passes(".after-reply");
          return complete(httpCall, missing.get(), length(response));
        });
  }

  private static ProviderException noContent(HttpCall httpCall, HttpReply httpReply) {
    return httpReply.isSuccess()
        ? httpCall.garbled(httpReply, "no file came")
        : httpCall.refused(httpReply);
  }

  /// Vert.x notices most cuts itself; this holds whatever the transport below does.
  private static Uni<Void> complete(HttpCall httpCall, long missing, long length) {
    return length < 0 || missing == 0
        ? Uni.createFrom().voidItem()
        : Uni.createFrom()
            .failure(
                new ProviderException(
                    Kind.TRANSIENT,
                    "%s: %d of %d bytes are missing".formatted(httpCall.what(), missing, length)));
  }

  private static Uni<HttpReply> reply(HttpClientResponse response) {
    return response
        .exceptionHandler(_ -> {})
        .body()
        .map(body -> HttpReply.of(response.statusCode(), body.toString(), response::getHeader));
  }

  private RequestOptions options(HttpMethod method, URI target, boolean isOurs) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(target.toString())
            .setConnectTimeout(limits.connect().toMillis());
    if (isOurs) {
      httpCredentials.headers().forEach(options::putHeader);
    }
    return options;
  }

  private TransferTimeout watch(HttpClientRequest request) {
    // Every failure comes with the answer too; without a handler it is logged as an error as well.
    HttpClientRequest quiet = request.exceptionHandler(_ -> {});
    return new TransferTimeout(
        vertx.getDelegate(), quiet.getDelegate(), limits.idle(), limits.longest());
  }

  private static boolean isRedirect(HttpClientResponse response) {
    return switch (response.statusCode()) {
      case 301, 302, 303, 307, 308 -> response.getHeader("Location") != null;
      default -> false;
    };
  }

  /// Where a redirect leads. Never from https to http: answers must not travel in clear text.
  private static URI next(HttpCall httpCall, URI target, HttpClientResponse response) {
    URI next = target.resolve(Optional.ofNullable(response.getHeader("Location")).orElse(""));
    boolean isHttp = "https".equals(next.getScheme()) || "http".equals(next.getScheme());
    if (!isHttp || ("https".equals(target.getScheme()) && "http".equals(next.getScheme()))) {
      throw new ProviderException(
          Kind.REJECTED,
          httpCall.what() + ": redirected to " + LogSanitizer.of(next.getScheme() + ":"));
    }
    return next;
  }

  private static boolean isPage(HttpClientResponse response) {
    @Nullable String type = response.getHeader("Content-Type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/html");
  }

  /// The length that was announced, or -1.
  private static long length(HttpClientResponse response) {
    @Nullable String length = response.getHeader("Content-Length");
    return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : -1;
  }

  private static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && port(a) == port(b);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }
}
