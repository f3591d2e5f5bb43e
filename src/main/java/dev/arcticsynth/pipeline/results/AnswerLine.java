package dev.arcticsynth.pipeline.results;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One line of an output or error file, read leniently: what we need, and where the rest is.
final class AnswerLine {

  private static final JsonFactory JSON = new JsonFactory();

  /// Codes of answers that are worth a retry: the request was never run, or the provider failed.
  /// Everything else would be refused again.
  private static final int TOO_MANY = 429;

  private String wireId = "";
  private int idFrom;
  private int idLength;
  private int responseFrom;
  private int responseLength;
  private boolean hasStatus;
  private int status;
  private @Nullable String errorCode;
  private @Nullable String errorMessage;
  private @Nullable String bodyCode;
  private @Nullable String bodyMessage;
  private long inputTokens;
  private long outputTokens;

  private AnswerLine() {}

  /// Why a request has no good answer.
  ///
  /// @param isRetryable a retry may help
  /// @param isCancelled the provider stopped because it was asked to
  record Fault(String code, String message, boolean isRetryable, boolean isCancelled) {
    static final Fault MISSING =
        new Fault("missing", "The provider returned no line for this request.", true, false);

    static Fault missing(String because) {
      return new Fault(
          MISSING.code(), MISSING.message() + " " + because, MISSING.isRetryable(), false);
    }
  }

  /// Empty when the line is no JSON object with a `custom_id`.
  static Optional<AnswerLine> read(byte[] line, int length) {
    var answer = new AnswerLine();
    try (JsonParser parser = JSON.createParser(line, 0, length)) {
      // Where the parser guesses another encoding than UTF-8 it knows no byte offsets.
      if (parser.nextToken() != JsonToken.START_OBJECT || start(parser) < 0) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        answer.member(parser);
      }
      return parser.currentToken() == JsonToken.END_OBJECT
              && parser.nextToken() == null
              && !answer.wireId.isEmpty()
          ? Optional.of(answer)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void member(JsonParser parser) throws IOException {
    String name = parser.currentName();
    JsonToken value = parser.nextToken();
    switch (name) {
      // Some gateways write an id of digits as a number.
      case "custom_id" ->
          wireId =
              value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT
                  ? parser.getText()
                  : "";
      case "id" -> {
        if (value == JsonToken.VALUE_STRING) {
          idFrom = start(parser);
          parser.finishToken();
          idLength = end(parser) - idFrom;
        }
      }
      case "response" -> {
        if (value == JsonToken.START_OBJECT) {
          responseFrom = start(parser);
          readResponse(parser);
          responseLength = end(parser) - responseFrom;
        }
      }
      case "error" -> {
        if (value == JsonToken.START_OBJECT) {
          var found = new ErrorObject();
          found.read(parser);
          errorCode = found.code;
          errorMessage = found.message;
        }
      }
      default -> {}
    }
    // What is not what it should be, or not known: past it, whole.
    parser.skipChildren();
  }

  private void readResponse(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("status_code") && value == JsonToken.VALUE_NUMBER_INT) {
        hasStatus = true;
        status = (int) number(parser, -1);
      } else if (name.equals("body") && value == JsonToken.START_OBJECT) {
        readBody(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readBody(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("usage") && value == JsonToken.START_OBJECT) {
        readUsage(parser);
      } else if (name.equals("error") && value == JsonToken.START_OBJECT) {
        var found = new ErrorObject();
        found.read(parser);
        bodyCode = found.code;
        bodyMessage = found.message;
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readUsage(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_NUMBER_INT) {
        switch (name) {
          case "prompt_tokens", "input_tokens" -> inputTokens = number(parser, 0);
          case "completion_tokens", "output_tokens" -> outputTokens = number(parser, 0);
          default -> {}
        }
      } else {
        parser.skipChildren();
      }
    }
  }

  String wireId() {
    return wireId;
  }

  long inputTokens() {
    return inputTokens;
  }

  long outputTokens() {
    return outputTokens;
  }

  /// Where id and response are in the line: from, length, from, length.
  void copySpans(int[] into, int at) {
    into[at] = idFrom;
    into[at + 1] = idLength;
    into[at + 2] = responseFrom;
    into[at + 3] = responseLength;
  }

  /// Empty when the answer is good: a 2xx and no error beside it.
  Optional<Fault> fault() {
    // An empty error object means no error; some servers send it with every answer.
    if (errorCode != null || errorMessage != null || responseLength == 0) {
      String code = errorCode == null ? "no_response" : errorCode;
      String message =
          errorMessage == null ? "The provider did not run this request." : errorMessage;
      // No answer came out of it, so the request was not run: expired, cancelled, lost.
      return Optional.of(new Fault(code, message, responseLength == 0, code.contains("cancel")));
    }
    if (hasStatus && status >= 200 && status < 300) {
      return Optional.empty();
    }
    String code = bodyCode == null ? "http_" + status : bodyCode;
    String message =
        bodyMessage == null ? "The provider answered with status " + status + "." : bodyMessage;
    // Status 0 with an empty body is seen in the wild (protocol sheet §9): nothing was run.
    boolean again = status == 0 || status == 408 || status == TOO_MANY || status >= 500;
    return Optional.of(new Fault(code, message, again, false));
  }

  /// A number that is out of all bounds must not make a paid answer count as broken.
  private static long number(JsonParser parser, long otherwise) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.INT
            || parser.getNumberType() == JsonParser.NumberType.LONG
        ? Math.clamp(parser.getLongValue(), Integer.MIN_VALUE, Integer.MAX_VALUE)
        : otherwise;
  }

  private static int start(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private static int end(JsonParser parser) {
    return (int) parser.currentLocation().getByteOffset();
  }

  /// The object `{code, message, type}` of an error.
  private static final class ErrorObject {
    private @Nullable String code;
    private @Nullable String type;
    private @Nullable String message;

    void read(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING) {
          switch (name) {
            case "code" -> code = parser.getText();
            case "type" -> type = parser.getText();
            case "message" -> message = parser.getText();
            default -> {}
          }
        } else {
          parser.skipChildren();
        }
      }
      if (code == null) {
        code = type;
      }
    }
  }
}
