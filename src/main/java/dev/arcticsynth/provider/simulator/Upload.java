package dev.arcticsynth.provider.simulator;

import io.vertx.core.MultiMap;
import java.nio.file.Path;

/// A file that has arrived but is not accepted yet.
///
/// @param filename empty if no file was sent
record Upload(MultiMap fields, String filename, Path temporary) {
  String field(String name) {
    String value = fields.get(name);
    return value == null ? "" : value;
  }
}
