package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredRequestsTest {

  @Test
  void what_was_stored_is_found_again_without_a_parser() {
    for (long seed = 0; seed < 500; seed++) {
      // Given
      var random = new Random(seed);
      var raw = new GrowableBytes(16);
      var ids = new ArrayList<@Nullable String>();
      var bodies = new ArrayList<String>();
      int count = random.nextInt(10);
      for (int i = 0; i < count; i++) {
        String id = random.nextInt(3) == 0 ? null : id(random);
        String body = "{\"custom_id\":\"},{" + "é".repeat(random.nextInt(5)) + "\"}";
        byte[] idBytes = String.valueOf(id).getBytes(UTF_8);
        StoredRequests.begin(raw, idBytes, 0, id == null ? 0 : idBytes.length);
        raw.write(body.getBytes(UTF_8));
        StoredRequests.end(raw);
        ids.add(id);
        bodies.add(body);
      }
      var requests = new StoredRequests(raw.toByteArray());

      // When
      var readIds = new ArrayList<@Nullable String>();
      var readBodies = new ArrayList<String>();
      while (requests.next()) {
        byte[] id = requests.customId();
        readIds.add(id == null ? null : new String(id, UTF_8));
        readBodies.add(new String(requests.body(), UTF_8));
        assertThat(requests.bodyLength()).isEqualTo(requests.body().length);
      }

      // Then
      assertThat(readIds).as("seed %d", seed).isEqualTo(ids);
      assertThat(readBodies).isEqualTo(bodies);
    }
  }

  private static String id(Random random) {
    var id = new StringBuilder("\"");
    int length = 1 + random.nextInt(6);
    for (int i = 0; i < length; i++) {
      id.append(
          switch (random.nextInt(6)) {
            case 0 -> "\\\"";
            case 1 -> "\\\\";
            case 2 -> "\\u0022";
            case 3 -> ",\\\"body\\\":{";
            case 4 -> "é😀";
            default -> "x";
          });
    }
    return id.append('"').toString();
  }
}
