package dev.arcticsynth.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;

/// What the body of a refusal says. Empty words where it says nothing.
record WireError(String message, String type, String code) {

  private static final Set<String> OUT_OF_MONEY =
      Set.of("insufficient_quota", "billing_hard_limit_reached", "credit_balance_exhausted");

  /// OpenAI wraps it in `error`; some compatible servers put a text there, or use `detail`.
  static WireError of(JsonNode body) {
    JsonNode error = body.path("error");
    if (error.isObject()) {
      return new WireError(text(error, "message"), text(error, "type"), text(error, "code"));
    }
    if (error.isTextual()) {
      return new WireError(error.asText(), "", "");
    }
    return new WireError(text(body, "detail") + text(body, "message"), "", text(body, "code"));
  }

  boolean isPresent() {
    return !(message.isEmpty() && type.isEmpty() && code.isEmpty());
  }

  /// Money or quota is used up, and waiting does not bring it back.
  boolean isOutOfMoney() {
    return OUT_OF_MONEY.contains(type)
        || OUT_OF_MONEY.contains(code)
        || code.endsWith("_spend_limit_exceeded")
        || code.endsWith("_usage_limit_exceeded");
  }

  /// The provider's queue is full; the same call is accepted later.
  boolean isCapacity() {
    return isCapacity(code);
  }

  static boolean isCapacity(String code) {
    return code.toLowerCase(Locale.ROOT).equals("token_limit_exceeded");
  }

  /// What to call it in a message: the code, or the type where there is no code.
  String word() {
    return code.isEmpty() ? type : code;
  }

  private static String text(JsonNode node, String member) {
    JsonNode value = node.path(member);
    return value.isValueNode() && !value.isNull() ? value.asText() : "";
  }
}
