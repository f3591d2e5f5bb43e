package dev.arcticsynth.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.net.SocketException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {

  @ParameterizedTest
  @CsvSource({
    "08006, AWAY",
    "25006, AWAY",
    "25P03, AWAY",
    "53300, AWAY",
    "57P01, AWAY",
    "57P03, AWAY",
    "40P01, BUSY",
    "53200, BUSY",
    "55P03, BUSY",
    "57014, BUSY",
    "58030, BUSY",
    "53100, FULL"
  })
  void a_passing_outage_is_known_by_the_servers_code(String state, Outage outage) {
    // Given
    var wrapped = new IllegalStateException("flush", refusal(state));

    // When
    var found = Outage.of(wrapped);

    // Then
    assertThat(found).contains(outage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "22021", "42P01", "P0001"})
  void a_mistake_of_ours_or_a_callers_is_no_outage(String state) {
    // When
    var found = Outage.of(refusal(state));

    // Then
    assertThat(found).isEmpty();
  }

  @Test
  void a_broken_connection_is_one() {
    assertThat(Outage.of(ClosedConnectionException.INSTANCE)).contains(Outage.AWAY);
    assertThat(Outage.of(new ConnectException("refused"))).contains(Outage.AWAY);
    assertThat(Outage.of(new SocketException("Connection reset"))).contains(Outage.AWAY);
  }

  @Test
  void too_many_calls_at_once_are_no_database_that_is_away() {
    assertThat(
            Outage.of(
                new IllegalStateException("Connection pool reached max wait queue size of 9")))
        .contains(Outage.BUSY);
  }

  @Test
  void a_refusal_wrapped_by_hibernate_is_known_too() {
    assertThat(Outage.of(new SQLException("lock timeout", "55P03"))).contains(Outage.BUSY);
    assertThat(Outage.of(new SQLException("duplicate", "23505"))).isEmpty();
  }

  @Test
  void anything_else_is_a_bug() {
    assertThat(Outage.of(new IllegalStateException("oops"))).isEmpty();
  }

  private static PgException refusal(String state) {
    return new PgException("refused", "ERROR", state, "");
  }
}
