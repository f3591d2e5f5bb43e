package dev.arcticsynth.provider.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// What is not OpenAI's: faults asked for, and the ledger read, from another process. Blocks.
final class AdminApi {
  private final Faults faults;
  private final Ledger ledger;

  AdminApi(Faults faults, Ledger ledger) {
    this.faults = faults;
    this.ledger = ledger;
  }

  JsonNode rules() {
    ObjectNode rules = Json.object();
    rules.set("rules", Json.MAPPER.valueToTree(faults.rules()));
    return rules.putPOJO("struck", faults.struck());
  }

  JsonNode add(byte[] body) {
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

  JsonNode clear() {
    faults.clear();
    return rules();
  }

  JsonNode ledger() {
    ObjectNode all = Json.object();
    all.putArray("entries").addAll(ledger.entries().stream().map(Ledger.Entry::detail).toList());
    return all.putPOJO("billed", ledger.billed());
  }

  JsonNode unknown() {
    throw WireError.of(404, "No such thing to ask a simulator.", null);
  }
}
