package dev.arcticsynth.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ServiceTest {

  @Test
  void a_database_that_is_not_there_is_named() {
    // Given
    var refused =
        new SQLException("Connection to 127.0.0.1:1 refused.", new ConnectException("refused"));

    // When
    String reason = Service.reason(new CompletionException(new IllegalStateException(refused)));

    // Then
    assertThat(reason).isEqualTo("Connection to 127.0.0.1:1 refused.");
  }

  @Test
  void any_other_failure_is_named_by_its_root_cause() {
    // Given
    var root = new IllegalArgumentException("arctic.lease is no duration");

    // When
    String reason = Service.reason(new CompletionException(new IllegalStateException(root)));

    // Then
    assertThat(reason).isEqualTo("arctic.lease is no duration");
    assertThat(Service.reason(new CompletionException(new NullPointerException())))
        .isEqualTo("NullPointerException");
  }
}
