package dev.arcticsynth.provider.simulator.fault;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When a fault strikes.
///
/// @param calls only these; none means the calls the fault usually strikes
/// @param times how often it may strike; 0 or less means without end
/// @param share of the calls that match, by chance; 0 means all of them
/// @param match only where the file's name or id, or the batch's id or metadata, contains this
public record FaultRule(
    Fault fault, @Nullable Set<Operation> calls, int times, double share, @Nullable String match) {
  public FaultRule {
    calls = calls == null || calls.isEmpty() ? fault.usualCalls() : Set.copyOf(calls);
  }

  boolean covers(Operation operation, String subject) {
    return calls != null && calls.contains(operation) && (match == null || subject.contains(match));
  }
}
