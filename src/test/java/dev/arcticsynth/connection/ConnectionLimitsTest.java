package dev.arcticsynth.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {

  private final ConnectionLimits limits = new ConnectionLimits(10, 4);
  private final List<String> left = new ArrayList<>();
  private final Map<String, Double> paces = new HashMap<>();

  @Test
  void the_one_that_has_waited_longest_makes_way_for_a_new_one_of_its_address() {
    // Given
    List<Peer> four = admitted("a", 4);
    limits.busy(four.get(0));
    limits.busy(four.get(1));
    limits.waits(four.get(1));

    // When
    boolean fifth = limits.admit(peer("a", 4));
    boolean sixth = limits.admit(peer("a", 5));

    // Then
    assertThat(fifth).isTrue();
    assertThat(sixth).isTrue();
    assertThat(left).containsExactly("a2", "a3");
    assertThat(limits.total()).isEqualTo(4);
  }

  @Test
  void where_none_of_an_address_waits_it_gets_no_more_and_others_do() {
    // Given
    admitted("a", 4).forEach(limits::busy);

    // When
    boolean fifth = limits.admit(peer("a", 4));
    boolean other = limits.admit(peer("b", 0));

    // Then
    assertThat(fifth).isFalse();
    assertThat(other).isTrue();
    assertThat(left).isEmpty();
  }

  @Test
  void when_all_are_taken_the_address_with_most_gives_one() {
    // Given
    var _ = admitted("b", 3);
    var _ = admitted("a", 4);
    var _ = admitted("c", 3);

    // When
    boolean another = limits.admit(peer("d", 0));

    // Then
    assertThat(another).isTrue();
    assertThat(left).containsExactly("a0");
    assertThat(limits.total()).isEqualTo(10);
  }

  @Test
  void when_all_are_taken_and_none_waits_a_new_one_is_refused() {
    // Given
    admitted("b", 3).forEach(limits::busy);
    admitted("a", 4).forEach(limits::busy);
    admitted("c", 3).forEach(limits::busy);

    // When
    boolean another = limits.admit(peer("d", 0));

    // Then
    assertThat(another).isFalse();
  }

  @Test
  void where_none_waits_the_slowest_body_makes_way_if_it_drips() {
    // Given
    admitted("a", 4).forEach(limits::busy);
    paces.putAll(Map.of("a0", 9_000.0, "a1", 10.0, "a2", 100_000.0));

    // When
    boolean fifth = limits.admit(peer("a", 4));

    // Then
    assertThat(fifth).isTrue();
    assertThat(left).containsExactly("a1");
  }

  @Test
  void connections_that_are_closed_do_not_count() {
    // Given
    List<Peer> four = admitted("a", 4);
    limits.busy(four.get(3));

    // When
    four.forEach(limits::closed);

    // Then
    assertThat(limits.total()).isZero();
    assertThat(admitted("a", 4)).hasSize(4);
    assertThat(left).isEmpty();
  }

  private List<Peer> admitted(String address, int count) {
    var peers = IntStream.range(0, count).mapToObj(i -> peer(address, i)).toList();
    assertThat(peers).allMatch(limits::admit);
    return peers;
  }

  private Peer peer(String address, int number) {
    return new Peer() {
      @Override
      public String address() {
        return address;
      }

      @Override
      public double pace() {
        return paces.getOrDefault(address + number, Double.POSITIVE_INFINITY);
      }

      @Override
      public void makeWay() {
        left.add(address + number);
      }
    };
  }
}
