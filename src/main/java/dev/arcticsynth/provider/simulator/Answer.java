package dev.arcticsynth.provider.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/// What a call that worked is answered with.
sealed interface Answer {
  record Document(JsonNode body, int status) implements Answer {
    Document(JsonNode body) {
      this(body, 200);
    }
  }

  record Content(StoredFile file, Path path) implements Answer {}
}
