package dev.arcticsynth.pipeline.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.arcticsynth.pipeline.lines.GrowableBytes;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One request line: where its parts are in the caller's bytes, and the few members we need.
final class RequestLine {

  private final byte[] bytes;
  private final int from;
  private final boolean special;
  private final RequestDefaults defaults;
  private final BodyMembers bare;
  private final BodyMembers inEnvelope;
  private @Nullable String customId;
  private int idFrom;
  private int idTo;
  private int idMemberFrom;
  private @Nullable String method;
  private @Nullable String url;
  private int bodyFrom;
  private int bodyTo;
  private boolean envelope;
  private String model = "";
  private String endpoint = "";

  /// @param from where the line begins in `bytes`
  /// @param special whether it may hold a carriage return, see `ByteScanner#isSpecial`
  RequestLine(byte[] bytes, int from, boolean special, RequestDefaults defaults) {
    this.bytes = bytes;
    this.from = from;
    this.special = special;
    this.defaults = defaults;
    this.bare = new BodyMembers(defaults, "");
    this.inEnvelope = new BodyMembers(defaults, "/body");
  }

  /// Reads and checks the line.
  void read(JsonParser parser) throws IOException, MalformedLineException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new MalformedLineException(null, "not_an_object", "a request is a JSON object");
    }
    int objectFrom = start(parser);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      member(parser);
    }
    int objectTo = end(parser);
    if (parser.nextToken() != null) {
      throw new MalformedLineException(null, "trailing_content", "one JSON object a line");
    }
    if (!envelope) {
      bodyFrom = objectFrom;
      bodyTo = objectTo;
    }
    endpoint = endpointOf(url == null ? defaults.endpoint() : url);
    model = body().requireModel();
    body().requireContentFor(endpoint);
  }

  private void member(JsonParser parser) throws IOException, MalformedLineException {
    String name = parser.currentName();
    switch (name) {
      case "custom_id" -> readId(parser);
      case "method" -> {
        once(method, name);
        method = text(parser, "/method");
        if (!method.equals("POST")) {
          throw new MalformedLineException(
              "/method", "unsupported_method", "the only method is POST");
        }
      }
      case "url" -> {
        once(url, name);
        url = text(parser, "/url");
      }
      case "body" -> {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new MalformedLineException("/body", "wrong_type", "body is a JSON object");
        }
        if (envelope) {
          throw new MalformedLineException("/body", "duplicate_member", "body is repeated");
        }
        envelope = true;
        bodyFrom = start(parser);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          inEnvelope.read(parser, parser.currentName());
        }
        bodyTo = end(parser);
      }
      default -> bare.read(parser, name);
    }
  }

  private void readId(JsonParser parser) throws IOException, MalformedLineException {
    once(customId, "custom_id");
    idMemberFrom = start(parser);
    customId = text(parser, "/custom_id");
    idFrom = start(parser);
    parser.finishToken();
    idTo = end(parser);
  }

  private static void once(@Nullable String before, String name) throws MalformedLineException {
    if (before != null) {
      throw new MalformedLineException("/" + name, "duplicate_member", name + " is repeated");
    }
  }

  private static String text(JsonParser parser, String pointer)
      throws IOException, MalformedLineException {
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      throw new MalformedLineException(
          pointer, "wrong_type", pointer.substring(1) + " is a string");
    }
    return parser.getText();
  }

  private String endpointOf(String url) throws MalformedLineException {
    return RequestUrls.canonical(url)
        .filter(defaults.urls()::contains)
        .orElseThrow(() ->
            new MalformedLineException(
                "/url",
                "unsupported_url",
                "the urls are " + String.join(", ", defaults.urls().stream().sorted().toList())));
  }

  /// Writes the line as it is stored; the length of the body in bytes.
  long store(GrowableBytes out) {
    StoredRequests.begin(out, bytes, idFrom, idTo);
    int before = out.size();
    var writer = new BodyWriter(bytes, bodyFrom, bodyTo, special);
    if (!envelope && customId != null) {
      // A bare body's `custom_id` is ours, not the provider's.
      writer.writeWithout(idMemberFrom, idTo, body().missingDefaults(), out);
    } else {
      writer.write(body().missingDefaults(), out);
    }
    long length = out.size() - before;
    StoredRequests.end(out);
    return length;
  }

  private BodyMembers body() {
    return envelope ? inEnvelope : bare;
  }

  private int start(JsonParser parser) {
    return from + (int) parser.currentTokenLocation().getByteOffset();
  }

  private int end(JsonParser parser) {
    return from + (int) parser.currentLocation().getByteOffset();
  }

  @Nullable String customId() {
    return customId;
  }

  String model() {
    return model;
  }

  String endpoint() {
    return endpoint;
  }

  /// Inputs of an embeddings request; 0 for others.
  long inputs() {
    return RequestUrls.countsInputs(endpoint) ? Math.max(1, body().inputs()) : 0;
  }
}
