package dev.arcticsynth.provider.openai;

import dev.arcticsynth.provider.BatchStatus;
import dev.arcticsynth.provider.BatchStatus.Failed;
import dev.arcticsynth.provider.BatchStatus.Refusal;
import java.util.Map;

/// Says beside a provider's refusal what can be done about it.
record Advice(Map<String, String> byCode) {

  BatchStatus on(BatchStatus status) {
    return status instanceof Failed(String word, var refusals)
        ? new Failed(word, refusals.stream().map(this::on).toList())
        : status;
  }

  private Refusal on(Refusal refusal) {
    String advice = byCode.get(refusal.code());
    return advice == null
        ? refusal
        : new Refusal(
            refusal.code(), refusal.message() + " " + advice, refusal.line(), refusal.blame());
  }
}
