package dev.arcticsynth.pipeline.results;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The body of a response, read leniently: whether there is an answer in it, what it says instead,
/// and what it cost.
final class AnswerBody {

  /// Where the endpoints have their answers, as a list.
  private static final Set<String> ANSWERS = Set.of("output", "data", "results");

  private boolean hasItems;
  private boolean hasFailed;
  private @Nullable String errorCode;
  private @Nullable String errorMessage;
  private @Nullable String text;
  private long inputTokens;
  private long outputTokens;

  /// Reads an object, from its first token to its last.
  void read(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "usage" -> readUsage(parser, value);
        case "choices" -> hasItems |= hasItem(parser, value, true);
        case "error" -> {
          var found = ErrorValue.read(parser);
          errorCode = found.code();
          errorMessage = found.message();
        }
        case "status" -> hasFailed = isText(value) && parser.getText().equals("failed");
        case "message", "detail" -> text = isText(value) ? parser.getText() : text;
        default -> {
          if (ANSWERS.contains(name)) {
            hasItems |= hasItem(parser, value, false);
          }
        }
      }
      parser.skipChildren();
    }
  }

  /// A response of the Responses API may have failed with a part of its output.
  boolean hasAnswer() {
    return hasItems && !(hasFailed && (errorCode != null || errorMessage != null));
  }

  @Nullable String errorCode() {
    return errorCode;
  }

  @Nullable String errorMessage() {
    return errorMessage == null ? text : errorMessage;
  }

  long inputTokens() {
    return inputTokens;
  }

  long outputTokens() {
    return outputTokens;
  }

  private void readUsage(JsonParser parser, JsonToken usage) throws IOException {
    if (usage != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
        switch (name) {
          case "prompt_tokens", "input_tokens" -> inputTokens = Math.max(0, number(parser, 0));
          case "completion_tokens", "output_tokens" ->
              outputTokens = Math.max(0, number(parser, 0));
          default -> {}
        }
      } else {
        parser.skipChildren();
      }
    }
  }

  /// Whether a value is a list with something in it.
  private static boolean hasItem(JsonParser parser, JsonToken list, boolean areChoices)
      throws IOException {
    boolean has = false;
    if (list == JsonToken.START_ARRAY) {
      for (JsonToken item = parser.nextToken();
          item != null && item != JsonToken.END_ARRAY;
          item = parser.nextToken()) {
        boolean isObject = item == JsonToken.START_OBJECT;
        has |= areChoices && isObject ? isChoice(parser) : item != JsonToken.VALUE_NULL;
        parser.skipChildren();
      }
    }
    return has;
  }

  /// A choice says something, and be it nothing; one without a message is none.
  private static boolean isChoice(JsonParser parser) throws IOException {
    boolean isEmpty = true;
    boolean isNull = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      isEmpty = false;
      boolean isMessage = parser.currentName().equals("message");
      isNull |= parser.nextToken() == JsonToken.VALUE_NULL && isMessage;
      parser.skipChildren();
    }
    return !isEmpty && !isNull;
  }

  private static boolean isText(JsonToken value) {
    return value == JsonToken.VALUE_STRING;
  }

  /// A number that is out of all bounds must not make a paid answer count as broken.
  static long number(JsonParser parser, long otherwise) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.INT
            || parser.getNumberType() == JsonParser.NumberType.LONG
        ? parser.getLongValue()
        : otherwise;
  }

  /// The value of a member `error`: an object `{code, message, type}`, or a text.
  record ErrorValue(@Nullable String code, @Nullable String message) {

    /// Reads the value that the parser is at.
    static ErrorValue read(JsonParser parser) throws IOException {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        String text = parser.getText();
        return new ErrorValue(null, text.isBlank() ? null : text);
      }
      @Nullable String code = null;
      @Nullable String type = null;
      @Nullable String message = null;
      if (parser.currentToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          JsonToken value = parser.nextToken();
          if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
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
      }
      return new ErrorValue(code == null ? type : code, message);
    }
  }
}
