package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireIdTest {

  private static final WireId IDS = new WireId(UUID.fromString("0-1-2-3-4"), 5);

  @Test
  void an_id_is_read_back_to_its_number() {
    // Given
    var random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      var ids = new WireId(new UUID(random.nextLong(), random.nextLong()), random.nextInt(1 << 20));
      long seq = random.nextLong(1L << 1 + random.nextInt(32));

      // When
      String id = text(ids, seq);

      // Then
      assertThat(id).hasSize(WireId.LENGTH).matches("[0-9a-f-]{26}");
      assertThat(ids.read(id)).isEqualTo(OptionalLong.of(seq));
    }
  }

  @Test
  void an_id_of_another_partition_is_foreign() {
    // Given
    var sameOrdinal = new WireId(UUID.fromString("0-1-2-3-5"), 5);
    var sameId = new WireId(UUID.fromString("0-1-2-3-4"), 6);

    // When
    String id = text(IDS, 42);

    // Then
    assertThat(sameOrdinal.read(id)).isEmpty();
    assertThat(sameId.read(id)).isEmpty();
  }

  @Test
  void a_garbled_id_is_not_taken_for_ours() {
    // Given
    String id = text(IDS, 42);
    for (int at = 0; at < id.length(); at++) {
      for (char other : "0f-gé".toCharArray()) {
        if (id.charAt(at) != other) {
          // When
          OptionalLong read = IDS.read(id.substring(0, at) + other + id.substring(at + 1));

          // Then
          assertThat(read).as("position %d, %s", at, other).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "my-id", "00000005-0000002a-", "00000005_0000002a_00000000"})
  void an_id_of_another_form_is_foreign(String id) {
    // When
    OptionalLong read = IDS.read(id);

    // Then
    assertThat(read).isEmpty();
  }

  private static String text(WireId ids, long seq) {
    var out = new GrowableBytes(64);
    ids.write(out, seq);
    return out.toString(US_ASCII);
  }
}
