package dev.arcticsynth.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTagTest {

  @Test
  void a_tag_is_read_as_it_was_written() {
    // Given
    var batchTag = new BatchTag("0123456789ab", UUID.randomUUID(), 17);

    // Then
    assertThat(BatchTag.parse(batchTag.toString())).contains(batchTag);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nightly",
        "0123456789ab/8c0e1b1e-0000-4000-8000-000000000001",
        "0123456789ab/8c0e1b1e-0000-4000-8000-000000000001/",
        "0123456789ab/8c0e1b1e-0000-4000-8000-000000000001/0",
        "0123456789ab/8c0e1b1e-0000-4000-8000-000000000001/01",
        "0123456789ab/8c0e1b1e-0000-4000-8000-000000000001/1/2",
        "0123456789ab/8c0e1b1e-0000-4000-8000-000000000001/99999999999",
        "0123456789ab/8C0E1B1E-0000-4000-8000-000000000001/1",
        "0123456789ab/1-2-3-4-5/1",
        "/8c0e1b1e-0000-4000-8000-000000000001/1"
      })
  void what_we_would_not_write_is_no_tag_of_ours(String text) {
    assertThat(BatchTag.parse(text)).isEmpty();
  }
}
