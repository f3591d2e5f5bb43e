package dev.arcticsynth.provider.http;

import dev.arcticsynth.provider.ProviderException;
import dev.arcticsynth.provider.ProviderException.Kind;
import dev.arcticsynth.provider.http.Inflation.CorruptBodyException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Undoes the `Content-Encoding` of an answer. We ask for none, but gateways compress unasked.
final class ContentCoding {

  private ContentCoding() {}

  /// The body as it was before it was encoded, as slowly as it is read and with little memory.
  ///
  /// @param header of the answer; null where it has none
  static Multi<Buffer> decoded(HttpCall httpCall, @Nullable String header, Multi<Buffer> body) {
    Multi<Buffer> decoded = body;
    // The last one was applied last.
    for (String coding : codings(header).reversed()) {
      switch (coding) {
        case "gzip", "x-gzip" -> decoded = inflated(httpCall, true, decoded);
        case "deflate" -> decoded = inflated(httpCall, false, decoded);
        default -> {
          return body.onItem()
              .transformToUniAndConcatenate(
                  _ -> Uni.createFrom().<Buffer>failure(unknown(httpCall, coding)));
        }
      }
    }
    return decoded;
  }

  static boolean isNone(@Nullable String header) {
    return codings(header).isEmpty();
  }

  private static List<String> codings(@Nullable String header) {
    return header == null
        ? List.of()
        : Stream.of(header.split(","))
            .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
            .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
            .toList();
  }

  private static Multi<Buffer> inflated(HttpCall httpCall, boolean isGzip, Multi<Buffer> body) {
    return Multi.createFrom()
        .resource(
            () -> new Inflation(isGzip),
            inflation ->
                body.onItem()
                    .transformToMultiAndConcatenate(part -> {
                      inflation.put(part.getBytes());
                      return Multi.createFrom().iterable(() -> portions(inflation));
                    })
                    .onCompletion()
                    .call(() -> complete(httpCall, inflation)))
        .withFinalizer(Inflation::close)
        .onFailure(CorruptBodyException.class)
        .transform(corrupt -> failure(httpCall, String.valueOf(corrupt.getMessage())));
  }

  private static Iterator<Buffer> portions(Inflation inflation) {
    return new Iterator<>() {
      private Optional<byte[]> next = inflation.portion();

      @Override
      public boolean hasNext() {
        return next.isPresent();
      }

      @Override
      public Buffer next() {
        byte[] portion = next.orElseThrow(NoSuchElementException::new);
        next = inflation.portion();
        return Buffer.buffer(portion);
      }
    };
  }

  private static Uni<Void> complete(HttpCall httpCall, Inflation inflation) {
    return inflation.isComplete()
        ? Uni.createFrom().voidItem()
        : Uni.createFrom().failure(failure(httpCall, "its compressed body is cut"));
  }

  private static ProviderException failure(HttpCall httpCall, String why) {
    return new ProviderException(httpCall.undecided(), httpCall.what() + ": " + why);
  }

  /// The same call would be answered the same.
  private static ProviderException unknown(HttpCall httpCall, String coding) {
    return new ProviderException(
        httpCall.isRepeatable() ? Kind.REJECTED : Kind.UNKNOWN,
        "%s: the answer is compressed as '%s', which was not asked for and cannot be read here; gzip and deflate can. Turn it off at the gateway."
            .formatted(httpCall.what(), LogSanitizer.of(coding)));
  }
}
