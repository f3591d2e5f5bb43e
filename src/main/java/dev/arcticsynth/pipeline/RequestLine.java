package dev.arcticsynth.pipeline;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One request line: where its parts are in the caller's bytes, and the few members we need.
final class RequestLine {

  private final byte[] bytes;
  private final int from;
  private final boolean special;

  private @Nullable String customId;
  private int idFrom;
  private int idTo;
  private int idMemberFrom;
  private @Nullable String method;
  private @Nullable String url;
  private int bodyFrom;
  private int bodyTo;
  private boolean envelope;
  private final Facts bare = new Facts();
  private final Facts inEnvelope = new Facts();
  private Set<String> missing = Set.of();
  private String model = "";
  private String endpoint = "";
  private RequestDefaults defaults;

  /// @param from where the line begins in `bytes`
  /// @param special whether it may hold a carriage return, see [Scan#isSpecial]
  RequestLine(byte[] bytes, int from, boolean special) {
    this.bytes = bytes;
    this.from = from;
    this.special = special;
    this.defaults =
        new RequestDefaults(
            java.util.Optional.empty(), RequestUrls.CHAT, java.util.Map.of(), RequestUrls.all());
  }

  /// Reads and checks the line.
  void read(JsonParser parser, RequestDefaults defaults) throws IOException, Mistake {
    this.defaults = defaults;
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new Mistake(null, "not_an_object", "a request is a JSON object");
    }
    int objectFrom = start(parser);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      member(parser, defaults);
    }
    int objectTo = end(parser);
    if (parser.nextToken() != null) {
      throw new Mistake(null, "trailing_content", "one JSON object a line");
    }
    if (!envelope) {
      bodyFrom = objectFrom;
      bodyTo = objectTo;
    }
    endpoint = endpointOf(url == null ? defaults.endpoint() : url);
    check(envelope ? inEnvelope : bare, envelope ? "/body" : "");
  }

  private void member(JsonParser parser, RequestDefaults defaults) throws IOException, Mistake {
    String name = parser.currentName();
    switch (name) {
      case "custom_id" -> readId(parser);
      case "method" -> {
        once(method, name);
        method = text(parser, "/method");
        if (!method.equals("POST")) {
          throw new Mistake("/method", "unsupported_method", "the only method is POST");
        }
      }
      case "url" -> {
        once(url, name);
        url = text(parser, "/url");
      }
      case "body" -> {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new Mistake("/body", "wrong_type", "body is a JSON object");
        }
        if (envelope) {
          throw new Mistake("/body", "duplicate_member", "body stands twice");
        }
        envelope = true;
        bodyFrom = start(parser);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          inEnvelope.read(parser, parser.currentName(), defaults, "/body");
        }
        bodyTo = end(parser);
      }
      default -> bare.read(parser, name, defaults, "");
    }
  }

  private void readId(JsonParser parser) throws IOException, Mistake {
    once(customId, "custom_id");
    idMemberFrom = start(parser);
    customId = text(parser, "/custom_id");
    idFrom = start(parser);
    parser.finishToken();
    idTo = end(parser);
  }

  private static void once(@Nullable String before, String name) throws Mistake {
    if (before != null) {
      throw new Mistake("/" + name, "duplicate_member", name + " stands twice");
    }
  }

  private static String text(JsonParser parser, String pointer) throws IOException, Mistake {
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      throw new Mistake(pointer, "wrong_type", pointer.substring(1) + " is a string");
    }
    return parser.getText();
  }

  private String endpointOf(String url) throws Mistake {
    return RequestUrls.canonical(url)
        .filter(defaults.urls()::contains)
        .orElseThrow(() ->
            new Mistake(
                "/url",
                "unsupported_url",
                "the urls are " + String.join(", ", defaults.urls().stream().sorted().toList())));
  }

  private void check(Facts facts, String at) throws Mistake {
    if (facts.model != null) {
      model = facts.model;
    } else {
      model =
          defaults
              .model()
              .orElseThrow(() ->
                  new Mistake(
                      at + "/model",
                      "missing_model",
                      "neither the request nor the task names a model"));
    }
    if (model.isBlank() || model.length() > 256 || hasControls(model)) {
      throw new Mistake(
          at + "/model",
          "wrong_type",
          "model is a name of 1 to 256 characters, none of them a control character");
    }
    requireSense(facts, at);
    missing = facts.missingFrom(defaults);
  }

  private void requireSense(Facts facts, String at) throws Mistake {
    // Only a response can be made from a template.
    if (facts.template && !endpoint.equals(RequestUrls.RESPONSES)) {
      throw new Mistake(at + "/prompt", "wrong_type", "prompt is a string or an array");
    }
    List<String> needs = RequestUrls.needs(endpoint);
    for (String member : needs) {
      if (facts.has(member) || defaults.members().containsKey(member)) {
        return;
      }
    }
    throw new Mistake(
        at + "/" + needs.getFirst(),
        "missing_member",
        endpoint + " needs " + String.join(" or ", needs));
  }

  /// A loop, not a stream: it runs for every request.
  static boolean hasControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /// Writes the line as it is stored; the length of the body in bytes.
  long store(Bytes out) {
    StoredRequests.begin(out, bytes, idFrom, idTo);
    int before = out.size();
    writeBody(out);
    long length = out.size() - before;
    StoredRequests.end(out);
    return length;
  }

  private void writeBody(Bytes out) {
    out.write('{');
    boolean first = true;
    for (String name : missing) {
      if (!first) {
        out.write(',');
      }
      out.write(java.util.Objects.requireNonNull(defaults.members().get(name)));
      first = false;
    }
    int rest = bodyFrom + 1;
    boolean cutsId = !envelope && customId != null;
    boolean hasMore = cutsId ? !isOnlyMember() : !isEmpty(rest, bodyTo - 1);
    if (!first && hasMore) {
      out.write(',');
    }
    if (cutsId) {
      writeWithoutId(out, rest);
    } else {
      copy(out, rest, bodyTo);
    }
  }

  /// A bare body's `custom_id` is ours, not the provider's: it goes, with one of its commas.
  private void writeWithoutId(Bytes out, int rest) {
    int cutFrom = idMemberFrom;
    int cutTo = skipBlanks(idTo);
    if (bytes[cutTo] == ',') {
      cutTo++;
    } else {
      while (cutFrom > rest && bytes[cutFrom] != ',') {
        cutFrom--;
      }
    }
    copy(out, rest, cutFrom);
    copy(out, cutTo, bodyTo);
  }

  private boolean isOnlyMember() {
    return isEmpty(bodyFrom + 1, idMemberFrom) && bytes[skipBlanks(idTo)] == '}';
  }

  private boolean isEmpty(int at, int to) {
    for (; at < to; at++) {
      if (bytes[at] > ' ') {
        return false;
      }
    }
    return true;
  }

  private int skipBlanks(int at) {
    while (bytes[at] >= 0 && bytes[at] <= ' ') {
      at++;
    }
    return at;
  }

  /// Line ends inside JSON are white space (a string cannot hold a raw one); on a provider's wire
  /// they would end the line.
  private void copy(Bytes out, int start, int to) {
    int run = start;
    for (int at = start; special && at < to; at++) {
      if (bytes[at] == '\n' || bytes[at] == '\r') {
        out.write(bytes, run, at - run);
        out.write(' ');
        run = at + 1;
      }
    }
    out.write(bytes, run, to - run);
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
    return RequestUrls.countsInputs(endpoint)
        ? Math.max(1, (envelope ? inEnvelope : bare).inputs)
        : 0;
  }

  /// What we need to know of a body.
  private static final class Facts {
    private @Nullable String model;
    private boolean messages;
    private boolean input;
    private boolean prompt;
    private boolean template;
    private Set<String> said = Set.of();
    private int inputs;

    /// The parser stands on a member's name.
    void read(JsonParser parser, String name, RequestDefaults defaults, String at)
        throws IOException, Mistake {
      if (defaults.members().containsKey(name)) {
        said = said.isEmpty() ? new HashSet<>() : said;
        said.add(name);
      }
      JsonToken value = parser.nextToken();
      switch (name) {
        case "model" -> {
          if (model != null) {
            throw new Mistake(at + "/model", "duplicate_member", "model stands twice");
          }
          if (value != JsonToken.VALUE_STRING) {
            throw new Mistake(at + "/model", "wrong_type", "model is a string");
          }
          model = parser.getText();
        }
        case "messages" -> {
          if (value != JsonToken.START_ARRAY) {
            throw new Mistake(at + "/messages", "wrong_type", "messages is an array");
          }
          if (elements(parser) == 0) {
            throw new Mistake(
                at + "/messages", "empty_messages", "messages holds at least one message");
          }
          messages = true;
        }
        case "input" -> {
          if (value != JsonToken.VALUE_STRING && value != JsonToken.START_ARRAY) {
            throw new Mistake(at + "/input", "wrong_type", "input is a string or an array");
          }
          inputs = value == JsonToken.START_ARRAY ? EmbeddingInputs.inArray(parser) : 1;
          input = true;
        }
        case "prompt" -> {
          template = value == JsonToken.START_OBJECT;
          if (!template && value != JsonToken.VALUE_STRING && value != JsonToken.START_ARRAY) {
            throw new Mistake(at + "/prompt", "wrong_type", "prompt is a string or an array");
          }
          parser.skipChildren();
          prompt = true;
        }
        case "stream" -> {
          if (value == JsonToken.VALUE_TRUE) {
            throw new Mistake(at + "/stream", "stream_not_possible", "a batch cannot stream");
          }
        }
        default -> parser.skipChildren();
      }
    }

    boolean has(String member) {
      return switch (member) {
        case "messages" -> messages;
        case "input" -> input;
        case "prompt" -> prompt;
        default -> model != null;
      };
    }

    private static int elements(JsonParser parser) throws IOException {
      int count = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        parser.skipChildren();
        count++;
      }
      return count;
    }

    Set<String> missingFrom(RequestDefaults defaults) {
      if (defaults.members().isEmpty() || said.size() == defaults.members().size()) {
        return Set.of();
      }
      var missing = new java.util.LinkedHashSet<>(defaults.members().keySet());
      missing.removeAll(said);
      return missing;
    }
  }

  /// Why the line cannot be a request.
  static final class Mistake extends Exception {
    private final @Nullable String pointer;
    private final String code;

    Mistake(@Nullable String pointer, String code, String detail) {
      super(detail, null, false, false);
      this.pointer = pointer;
      this.code = code;
    }

    @Nullable String pointer() {
      return pointer;
    }

    String code() {
      return code;
    }

    String detail() {
      return String.valueOf(getMessage());
    }
  }
}
