package dev.arcticsynth.provider.simulator.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.arcticsynth.provider.simulator.store.StoredFile;
import java.nio.file.Path;

/// What a call that worked is answered with.
sealed interface ApiReply {
  record Document(JsonNode body, int status) implements ApiReply {
    Document(JsonNode body) {
      this(body, 200);
    }
  }

  record Content(StoredFile file, Path path) implements ApiReply {}
}
