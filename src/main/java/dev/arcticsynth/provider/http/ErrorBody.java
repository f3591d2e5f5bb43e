package dev.arcticsynth.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.BatchStatus.Blame;
import dev.arcticsynth.provider.TokenLimit;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The parsed body of a refusal. Empty strings where members are missing.
public record ErrorBody(String message, String type, String code) {

  private static final Set<String> OUT_OF_MONEY =
      Set.of("insufficient_quota", "billing_hard_limit_reached", "credit_balance_exhausted");

  private static final Set<String> DENIED =
      Set.of(
          "invalid_api_key",
          "invalid_authentication",
          "invalid_organization",
          "mismatched_organization",
          "account_deactivated",
          "permission_denied",
          "insufficient_permissions",
          "unsupported_country_region_territory");

  /// OpenAI publishes no list; Azure's is in its guide to batches. A code that is in none of these
  /// sets is taken for one about the requests, and the search for the bad one is bounded.
  private static final Set<String> ABOUT_THE_BATCH =
      Set.of(
          "model_not_found",
          "model_not_available",
          "model_not_supported",
          "deployment_not_found",
          "model_mismatch",
          "mismatched_model",
          "url_mismatch",
          "invalid_endpoint",
          "unsupported_endpoint",
          "invalid_completion_window",
          "empty_file",
          "file_not_found",
          "input_modified",
          "input_no_permissions",
          "server_error",
          "internal_error",
          "internal_server_error");

  private static final Set<String> OF_A_MODEL =
      Set.of(
          "model_not_found",
          "model_not_available",
          "model_not_supported",
          "model_not_allowed",
          "deployment_not_found",
          "deploymentnotfound");

  private static final Pattern A_MODEL =
      Pattern.compile(
          "\\b(?:access(?: to)?|use|using|sample from|call|query|for)(?: the| this| that)? (?:model|deployment)\\b(?!\\.\\w)"
              + "|\\b(?:model|deployment):? [`'\"][^`'\"]+[`'\"]",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern TOO_LARGE =
      Pattern.compile(
          "\\b(?:file|upload|payload|body|entity)\\b(?: size)?(?: is)? (?:too (?:large|big)|exceeds?)\\b"
              + "|\\bmax(?:imum)?(?: allowed)? (?:file|upload|payload|body) size\\b",
          Pattern.CASE_INSENSITIVE);

  /// Azure's code for too many files, a temporary condition.
  private static final String TOO_MANY_FILES = "quotaexceeded";

  /// OpenAI wraps it in `error`; some compatible servers put a text there, use `detail`, or wrap
  /// nothing.
  static ErrorBody of(JsonNode body) {
    JsonNode error = body.path("error");
    if (error.isObject()) {
      return new ErrorBody(text(error, "message"), text(error, "type"), text(error, "code"));
    }
    if (error.isTextual()) {
      return new ErrorBody(error.asText(), "", text(body, "code"));
    }
    return new ErrorBody(
        detail(body.path("detail")) + text(body, "message"),
        text(body, "type"),
        text(body, "code"));
  }

  /// Python's frameworks answer a body that they do not like with a list of what and where.
  private static String detail(JsonNode detail) {
    if (detail.isValueNode()) {
      return detail.isNull() ? "" : detail.asText();
    }
    Stream<JsonNode> all = detail.isArray() ? detail.valueStream() : Stream.of(detail);
    return all.map(each ->
            each.isObject() && each.path("msg").isTextual()
                ? place(each.path("loc")) + each.path("msg").asText()
                : each.isObject() && each.path("message").isTextual()
                    ? each.path("message").asText()
                    : each.isMissingNode() || each.isEmpty() ? each.asText() : each.toString())
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private static String place(JsonNode loc) {
    String place = loc.valueStream().map(JsonNode::asText).collect(Collectors.joining("."));
    return place.isEmpty() ? "" : place + ": ";
  }

  boolean isPresent() {
    return !(message.isEmpty() && type.isEmpty() && code.isEmpty());
  }

  /// Money or quota is used up, and waiting does not bring it back.
  boolean isOutOfMoney() {
    return OUT_OF_MONEY.contains(type) || isMoney(code.toLowerCase(Locale.ROOT));
  }

  private static boolean isMoney(String code) {
    return OUT_OF_MONEY.contains(code)
        || code.endsWith("_spend_limit_exceeded")
        || code.endsWith("_usage_limit_exceeded");
  }

  /// The provider is at capacity; the same call is accepted later.
  boolean isCapacity() {
    return isTooManyTokens() || code.toLowerCase(Locale.ROOT).equals(TOO_MANY_FILES);
  }

  /// A batch was to be made of a file that the provider has not read yet.
  boolean isUnread() {
    String text = message.toLowerCase(Locale.ROOT);
    return text.contains("processed") && (text.contains("pending") || text.contains("running"));
  }

  /// The tokens enqueued are too many. Where Azure says so at once, the code may be another one.
  private boolean isTooManyTokens() {
    return code.equalsIgnoreCase(TokenLimit.EXCEEDED)
        || message.toLowerCase(Locale.ROOT).contains(TokenLimit.EXCEEDED);
  }

  /// One model is refused, and others of the account are not: no access to it, no verification for
  /// it, no such one. Where the code does not say it, the message names a model, or "this" one.
  /// Scopes of keys, as in `model.request`, are not about one.
  boolean isAboutAModel() {
    return Stream.of(code, type)
            .map(word -> word.toLowerCase(Locale.ROOT))
            .anyMatch(word ->
                OF_A_MODEL.contains(word)
                    || word.endsWith("model_access_denied")
                    || word.startsWith("model_permission"))
        || A_MODEL.matcher(message).find();
  }

  /// A file is refused for its size.
  boolean isTooLarge() {
    String word = code.toLowerCase(Locale.ROOT);
    return word.equals("file_too_large")
        || word.equals("payload_too_large")
        || word.equals("request_entity_too_large")
        || TOO_LARGE.matcher(message).find();
  }

  /// What is at fault when this stands among the errors of a batch.
  public Blame blame() {
    String word = code.toLowerCase(Locale.ROOT);
    if (isCapacity() || word.equals("rate_limit_exceeded")) {
      return Blame.CAPACITY;
    }
    if (isMoney(word)) {
      return Blame.MONEY;
    }
    if (DENIED.contains(word) && !isAboutAModel()) {
      return Blame.CREDENTIALS;
    }
    return ABOUT_THE_BATCH.contains(word) || DENIED.contains(word) ? Blame.BATCH : Blame.REQUESTS;
  }

  /// What to call it in a message: the code, or the type where there is no code.
  public String word() {
    if (isTooManyTokens()) {
      return TokenLimit.EXCEEDED;
    }
    return code.isEmpty() ? type : code;
  }

  private static String text(JsonNode node, String member) {
    JsonNode value = node.path(member);
    return value.isValueNode() && !value.isNull() ? value.asText() : "";
  }
}
