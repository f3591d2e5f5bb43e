package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.http.HttpCall;
import dev.arcticsynth.provider.http.HttpExchange;
import dev.arcticsynth.provider.http.HttpReply;
import dev.arcticsynth.provider.http.Proxies;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.mutiny.core.Vertx;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// The control plane.
final class OpenAiApi {

  private final Account account;
  private final HttpExchange http;

  OpenAiApi(Vertx vertx, Account account, Proxies proxies) {
    this.account = account;
    this.http =
        new HttpExchange(
            vertx, account.url(), account.credentials(), account.transfers().connect(), proxies);
  }

  Uni<HttpReply> createBatch(HttpCall httpCall, String newBatch) {
    return http.send(httpCall, HttpMethod.POST, account.at("/batches"), newBatch);
  }

  Uni<HttpReply> batch(HttpCall httpCall, String id) {
    return http.send(httpCall, HttpMethod.GET, account.at("/batches/" + segment(id)));
  }

  /// One page of all batches.
  ///
  /// @param after the last batch of the page before
  Uni<HttpReply> batches(HttpCall httpCall, int limit, @Nullable String after) {
    return http.send(httpCall, HttpMethod.GET, list("/batches", null, limit, after));
  }

  /// One page of all files of a purpose, or of all.
  ///
  /// @param after the last file of the page before
  Uni<HttpReply> files(
      HttpCall httpCall, @Nullable String purpose, int limit, @Nullable String after) {
    return http.send(httpCall, HttpMethod.GET, list("/files", purpose, limit, after));
  }

  Uni<HttpReply> file(HttpCall httpCall, String id) {
    return http.send(httpCall, HttpMethod.GET, account.at("/files/" + segment(id)));
  }

  Uni<HttpReply> cancelBatch(HttpCall httpCall, String id) {
    return http.send(httpCall, HttpMethod.POST, account.at("/batches/" + segment(id) + "/cancel"));
  }

  Uni<HttpReply> deleteFile(HttpCall httpCall, String id) {
    return http.send(httpCall, HttpMethod.DELETE, account.at("/files/" + segment(id)));
  }

  private URI list(String path, @Nullable String purpose, int limit, @Nullable String after) {
    var query = new StringJoiner("&", "?", "");
    if (purpose != null) {
      query.add("purpose=" + segment(purpose));
    }
    query.add("limit=" + limit);
    if (after != null) {
      query.add("after=" + segment(after));
    }
    String all = account.at(path).toString();
    return URI.create(all.contains("?") ? all + "&" + query.toString().substring(1) : all + query);
  }

  /// An id as a part of an address. Gateways give ids that hold anything.
  static String segment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
