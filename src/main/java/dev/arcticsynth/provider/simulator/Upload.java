package dev.arcticsynth.provider.simulator;

import io.vertx.core.MultiMap;
import java.nio.file.Path;

/// A file that has arrived but is not accepted yet.
///
/// @param filename empty if no file was sent
/// @param type of the file, as its part says
record Upload(MultiMap fields, String filename, String type, Path temporary) {
  String field(String name) {
    String value = fields.get(name);
    return value == null ? "" : value;
  }
}
