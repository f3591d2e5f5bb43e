package dev.arcticsynth.provider.http;

import dev.arcticsynth.provider.ProviderException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.core.http.HttpClientResponse;
import java.net.URI;

/// Reads small answers into memory.
final class ReplyReader {

  /// A page of a list has kilobytes.
  private static final int MAX_BYTES = 64 << 20;

  private ReplyReader() {}

  /// @param target what was asked
  static Uni<HttpReply> read(HttpCall httpCall, URI target, HttpClientResponse response) {
    Multi<Buffer> body =
        ContentCoding.decoded(httpCall, response.getHeader("Content-Encoding"), response.toMulti());
    Uni<Buffer> whole =
        body.collect()
            .in(
                Buffer::buffer,
                (all, part) -> {
                  if (all.length() + part.length() > MAX_BYTES) {
                    throw new ProviderException(
                        httpCall.undecided(),
                        "%s: the answer is larger than %d bytes"
                            .formatted(httpCall.what(), MAX_BYTES));
                  }
                  Buffer _ = all.appendBuffer(part);
                });
    boolean isSuccess = response.statusCode() >= 200 && response.statusCode() < 300;
    // What a refusal means is in its status, too.
    Uni<Buffer> readable =
        isSuccess || ContentCoding.isNone(response.getHeader("Content-Encoding"))
            ? whole
            : whole.onFailure(ProviderException.class).recoverWithItem(() -> Buffer.buffer());
    return readable.map(
        text -> HttpReply.of(target, response.statusCode(), text.toString(), response::getHeader));
  }
}
