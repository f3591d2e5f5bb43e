package dev.arcticsynth.provider.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/// What is not OpenAI's: faults asked for, and the ledger read, from another process. Blocks.
final class AdminApi {
  private final Faults faults;
  private final Ledger ledger;

  AdminApi(Faults faults, Ledger ledger) {
    this.faults = faults;
    this.ledger = ledger;
  }

  Answer answer(HttpMethod method, String path, byte[] body) {
    return new Answer.Document(
        switch (method.name() + " " + path) {
          case "GET /_simulator/faults" -> rules();
          case "POST /_simulator/faults" -> add(body);
          case "DELETE /_simulator/faults" -> clear();
          case "GET /_simulator/ledger" -> read();
          default -> throw WireError.of(404, "No such thing to ask a simulator.", null);
        });
  }

  private JsonNode rules() {
    ObjectNode rules = Json.object();
    rules.set("rules", Json.MAPPER.valueToTree(faults.rules()));
    return rules.putPOJO("struck", faults.struck());
  }

  private JsonNode add(byte[] body) {
    JsonNode given = Json.parse(body);
    try {
      List<FaultRule> rules =
          given.isArray()
              ? List.of(Json.MAPPER.treeToValue(given, FaultRule[].class))
              : List.of(Json.MAPPER.treeToValue(given, FaultRule.class));
      rules.forEach(faults::add);
      return rules();
    } catch (JsonProcessingException e) {
      throw WireError.of(400, e.getOriginalMessage(), null);
    }
  }

  private JsonNode clear() {
    faults.clear();
    return rules();
  }

  private JsonNode read() {
    ObjectNode all = Json.object();
    all.putArray("entries").addAll(ledger.entries().stream().map(Ledger.Entry::detail).toList());
    return all.putPOJO("billed", ledger.billed());
  }
}
