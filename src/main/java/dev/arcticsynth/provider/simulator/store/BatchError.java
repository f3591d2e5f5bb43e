package dev.arcticsynth.provider.simulator.store;

import org.jspecify.annotations.Nullable;

/// Why a batch failed as a whole; `line` counts from 1.
public record BatchError(
    String code, String message, @Nullable String param, @Nullable Integer line) {

  public static BatchError of(String code, String message) {
    return new BatchError(code, message, null, null);
  }

  public static BatchError at(int line, String code, String message) {
    return new BatchError(code, message, null, line);
  }

  public static BatchError missing(int line, String param) {
    return new BatchError(
        "missing_required_parameter",
        "Missing required parameter: '%s'.".formatted(param),
        param,
        line);
  }
}
