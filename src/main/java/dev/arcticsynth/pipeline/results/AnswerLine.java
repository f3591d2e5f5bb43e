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
  private final AnswerBody body = new AnswerBody();

  private AnswerLine() {}

  /// Why a request has no good answer.
  ///
  /// @param isRetryable a retry may help
  /// @param isCancelled the provider stopped because it was asked to
  /// @param isRun the request was run, perhaps for money, and no answer came of it: one retry, and
  ///   no more
  record Fault(
      String code, String message, boolean isRetryable, boolean isCancelled, boolean isRun) {
    Fault(String code, String message, boolean isRetryable, boolean isCancelled) {
      this(code, message, isRetryable, isCancelled, false);
    }

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
        var found = AnswerBody.ErrorValue.read(parser);
        errorCode = found.code();
        errorMessage = found.message();
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
        status = (int) Math.clamp(AnswerBody.number(parser, -1), -1, Integer.MAX_VALUE);
      } else if (name.equals("body") && value == JsonToken.START_OBJECT) {
        body.read(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  String wireId() {
    return wireId;
  }

  long inputTokens() {
    return body.inputTokens();
  }

  long outputTokens() {
    return body.outputTokens();
  }

  /// Where id and response are in the line: from, length, from, length.
  void copySpans(int[] into, int at) {
    into[at] = idFrom;
    into[at + 1] = idLength;
    into[at + 2] = responseFrom;
    into[at + 3] = responseLength;
  }

  /// Empty when there is an answer: a 2xx, no error beside it, and something in its body. A status
  /// that is left out is that of the body.
  Optional<Fault> fault() {
    boolean isFine = hasStatus ? status >= 200 && status < 300 : body.hasAnswer();
    // An empty error object means no error; some servers send it with every answer.
    boolean hasError = errorCode != null || errorMessage != null;
    if (isFine && body.hasAnswer() && !hasError) {
      return Optional.empty();
    }
    // No answer came out of it, so the request was not run: expired, cancelled, lost.
    boolean isNotRun = responseLength == 0;
    boolean isEmpty = isFine && !body.hasAnswer();
    String code = firstOf(errorCode, body.errorCode(), codeOf(isNotRun, isFine));
    String message = firstOf(errorMessage, body.errorMessage(), messageOf(isNotRun, isFine));
    return Optional.of(
        new Fault(
            code,
            message,
            isNotRun || isEmpty || !isFine && mayPass(),
            (hasError || isNotRun) && code.contains("cancel"),
            isEmpty));
  }

  /// Status 0 with an empty body is seen in the wild (protocol sheet §9): nothing was run.
  private boolean mayPass() {
    return status == 0 || status == 408 || status == TOO_MANY || status >= 500;
  }

  private String codeOf(boolean isNotRun, boolean isFine) {
    if (isNotRun) {
      return "no_response";
    }
    if (isFine) {
      return body.hasAnswer() ? "error" : "no_answer";
    }
    return "http_" + status;
  }

  private String messageOf(boolean isNotRun, boolean isFine) {
    if (isNotRun) {
      return "The provider did not run this request.";
    }
    return isFine
        ? "The provider answered with status " + status + " and without an answer."
        : "The provider answered with status " + status + ".";
  }

  private static String firstOf(@Nullable String a, @Nullable String b, String otherwise) {
    if (a != null) {
      return a;
    }
    return b == null ? otherwise : b;
  }

  private static int start(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private static int end(JsonParser parser) {
    return (int) parser.currentLocation().getByteOffset();
  }
}
