package dev.arcticsynth.api;

import java.util.List;

/// A caller's mistake outside the request lines: a member or a parameter that cannot be.
final class BadRequest extends RuntimeException {

  private final List<Problem.Entry> entries;

  BadRequest(String pointer, String code, String detail) {
    super(detail);
    this.entries = List.of(new Problem.Entry(null, pointer, code, detail));
  }

  List<Problem.Entry> entries() {
    return entries;
  }
}
