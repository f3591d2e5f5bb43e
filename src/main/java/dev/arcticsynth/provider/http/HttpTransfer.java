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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends and receives bodies of any size as streams, as fast as the slower side takes them. Sends
/// credentials to the account's own origin only.
public final class HttpTransfer {

  /// Concurrent transfers.
  private static final int MAX_CONNECTIONS = 64;

  private static final int MAX_REDIRECTS = 5;

  /// Servers drop idle connections silently, and a create that is sent into one counts as lost. So
  /// we close them earlier.
  static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final URI account;
  private final HttpCredentials httpCredentials;
  private final Limits limits;
  private final Proxies proxies;
  private final HttpClient http;

  /// @param account where the account's API is
  public HttpTransfer(
      Vertx vertx, URI account, HttpCredentials httpCredentials, Limits limits, Proxies proxies) {
    this.proxies = proxies;
    this.vertx = vertx;
    this.account = account;
    this.httpCredentials = httpCredentials;
    this.limits = limits;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(limits.connect().toMillis()))
                .setMaxPoolSize(MAX_CONNECTIONS)
                .setKeepAliveTimeout(Math.toIntExact(KEEP_ALIVE.toSeconds())));
  }

  /// How long a transfer may take.
  ///
  /// @param idle while it stands still
  /// @param longest in all
  public record Limits(Duration connect, Duration idle, Duration longest) {}

  /// Sends a body. The answer may come before the body is through: that is a refusal. A redirect
  /// that says to send it elsewhere on the account's own origin is followed, from the body's
  /// beginning.
  ///
  /// @param length exact, in bytes
  /// @param body can be subscribed again
  public Uni<HttpReply> post(
      HttpCall httpCall, URI target, String contentType, long length, Multi<Buffer> body) {
    return post(httpCall, new Upload(target, contentType, length, body), MAX_REDIRECTS)
        .onFailure()
        .transform(httpCall::lost);
  }

  private record Upload(URI target, String contentType, long length, Multi<Buffer> body) {
    Upload at(URI next) {
      return new Upload(next, contentType, length, body);
    }
  }

  private Uni<HttpReply> post(HttpCall httpCall, Upload upload, int redirects) {
    RequestOptions options =
        options(HttpMethod.POST, upload.target(), true)
            .putHeader("Content-Type", upload.contentType())
            .putHeader("Content-Length", Long.toString(upload.length()));
    httpCall.passes(".before-send");
    return http.request(options)
        .chain(request -> exchange(httpCall, upload, request))
        .chain(httpReply -> {
          Optional<URI> next =
              httpReply
                  .redirect()
                  .filter(to -> Origin.isSame(to, account) && httpReply.status() >= 307);
          if (next.isEmpty()) {
            return Uni.createFrom().item(httpReply);
          }
          return redirects > 0
              ? post(httpCall, upload.at(next.get()), redirects - 1)
              : Uni.createFrom().failure(httpCall.circles(next.get()));
        });
  }

  /// The body that is at an address. Nothing is sent before the subscription.
  ///
  /// @param label is told what the reply says about the body, `HTTP 200 application/json` say
  public Multi<Buffer> get(HttpCall httpCall, URI target, Consumer<String> label) {
    return Multi.createFrom()
        .deferred(() ->
            httpCall
                .credentials()
                .prepare()
                .onItem()
                .transformToMulti(_ -> {
                  httpCall.passes(".before-send");
                  return get(httpCall, new Wanted(target, label), MAX_REDIRECTS);
                }))
        .onFailure()
        .transform(httpCall::lost);
  }

  private record Wanted(URI target, Consumer<String> label) {
    Wanted at(URI next) {
      return new Wanted(next, label);
    }
  }

  public Uni<Void> close() {
    return http.close();
  }

  private Uni<HttpReply> exchange(HttpCall httpCall, Upload upload, HttpClientRequest request) {
    TransferTimeout watch = watch(request);
    Uni<HttpReply> sent =
        upload
            .body()
            .onItem()
            .transformToUniAndConcatenate(part -> write(request, part, watch))
            .onItem()
            .ignoreAsUni()
            .call(() -> request.end())
            .invoke(watch::waiting)
            // The answer, or its absence, decides the outcome.
            .chain(() -> Uni.createFrom().nothing());
    Uni<HttpReply> answered =
        request.response().chain(response -> ReplyReader.read(httpCall, upload.target(), response));
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

  private Multi<Buffer> get(HttpCall httpCall, Wanted wanted, int redirects) {
    URI target = wanted.target();
    boolean isOurs = Origin.isSame(target, account);
    Map<String, String> sent = httpCredentials.headers();
    return http.request(options(HttpMethod.GET, target, isOurs))
        .onItem()
        .transformToMulti(request -> {
          TransferTimeout watch = watch(request);
          return request
              .send()
              .onItem()
              .transformToMulti(
                  response -> body(httpCall, wanted, response, watch, redirects, sent))
              .onTermination()
              .invoke((failure, isCancelled) -> watch.stop(failure == null && !isCancelled));
        });
  }

  private Multi<Buffer> body(
      HttpCall httpCall,
      Wanted wanted,
      HttpClientResponse response,
      TransferTimeout watch,
      int redirects,
      Map<String, String> sent) {
    URI target = wanted.target();
    Optional<URI> next =
        Origin.redirect(target, response.statusCode(), response.getHeader("Location"));
    if (next.isPresent()) {
      watch.stop(true);
      return redirects > 0
          ? get(httpCall, wanted.at(checked(httpCall, target, next.get())), redirects - 1)
          : Multi.createFrom().failure(httpCall.circles(next.get()));
    }
    if (response.statusCode() == 401 && redirects > 0 && httpCall.credentials().mayRenew(sent)) {
      watch.stop(true);
      return httpCall
          .credentials()
          .prepare()
          .onItem()
          .transformToMulti(_ -> get(httpCall, wanted, redirects - 1));
    }
    if (response.statusCode() != 200 || isPage(response)) {
      return ReplyReader.read(httpCall, target, response)
          .onItem()
          .transformToMulti(
              httpReply -> Multi.createFrom().failure(noContent(httpCall, httpReply)));
    }
    watch.busy();
    wanted.label().accept(label(response));
    return ContentCoding.decoded(
        httpCall, response.getHeader("Content-Encoding"), whole(httpCall, response, watch));
  }

  private static String label(HttpClientResponse response) {
    @Nullable String type = response.getHeader("Content-Type");
    String label = "HTTP " + response.statusCode();
    return type == null ? label : label + " " + LogSanitizer.of(type);
  }

  /// The body as it comes, and a failure where it is not as long as was announced.
  private static Multi<Buffer> whole(
      HttpCall httpCall, HttpClientResponse response, TransferTimeout watch) {
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

  private RequestOptions options(HttpMethod method, URI target, boolean isOurs) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(target.toString())
            .setConnectTimeout(limits.connect().toMillis());
    proxies.of(target).ifPresent(options::setProxyOptions);
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

  /// Never from https to http: answers must not travel in clear text.
  private static URI checked(HttpCall httpCall, URI target, URI next) {
    boolean isEncrypted = Origin.of(target).filter(o -> o.scheme().equals("https")).isPresent();
    Optional<Origin> origin = Origin.of(next);
    if (origin.isEmpty() || isEncrypted && origin.get().scheme().equals("http")) {
      throw new ProviderException(
          Kind.REJECTED, httpCall.what() + ": redirected to " + Origin.words(next));
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
}
