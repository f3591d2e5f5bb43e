package dev.arcticsynth.api.http;

import dev.arcticsynth.api.model.Problem;
import java.util.List;

/// An error outside the request lines: an invalid member or parameter.
public final class InvalidRequestException extends RuntimeException {

  private final List<Problem.Entry> entries;

  public InvalidRequestException(String pointer, String code, String detail) {
    super(detail);
    this.entries = List.of(new Problem.Entry(null, pointer, code, detail));
  }

  public List<Problem.Entry> entries() {
    return entries;
  }
}
