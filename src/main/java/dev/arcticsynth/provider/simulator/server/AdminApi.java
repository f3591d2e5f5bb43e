package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.arcticsynth.provider.simulator.fault.FaultRule;
import dev.arcticsynth.provider.simulator.fault.Faults;
import dev.arcticsynth.provider.simulator.store.ApiError;
import dev.arcticsynth.provider.simulator.store.Ledger;
import dev.arcticsynth.provider.simulator.store.StateJson;
import java.util.List;

/// Not part of OpenAI's API: sets faults and reads the ledger, for other processes. Blocks.
final class AdminApi {
  private final Faults faults;
  private final Ledger ledger;

  AdminApi(Faults faults, Ledger ledger) {
    this.faults = faults;
    this.ledger = ledger;
  }

  JsonNode rules() {
    ObjectNode rules = StateJson.object();
    rules.set("rules", StateJson.MAPPER.valueToTree(faults.rules()));
    return rules.putPOJO("struck", faults.struck());
  }

  JsonNode add(byte[] body) {
    JsonNode given = StateJson.parse(body);
    try {
      List<FaultRule> rules =
          given.isArray()
              ? List.of(StateJson.MAPPER.treeToValue(given, FaultRule[].class))
              : List.of(StateJson.MAPPER.treeToValue(given, FaultRule.class));
      rules.forEach(faults::add);
      return rules();
    } catch (JsonProcessingException e) {
      throw ApiError.of(400, e.getOriginalMessage(), null);
    }
  }

  JsonNode clear() {
    faults.clear();
    return rules();
  }

  JsonNode ledger() {
    ObjectNode all = StateJson.object();
    all.putArray("entries").addAll(ledger.entries().stream().map(Ledger.Entry::detail).toList());
    return all.putPOJO("billed", ledger.billed());
  }

  JsonNode unknown() {
    throw ApiError.of(404, "No such thing to ask a simulator.", null);
  }
}
