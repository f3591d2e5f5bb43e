package dev.arcticsynth.lab.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CampaignTest {

  private static final List<Target> EVERY =
      Point.all().stream()
          .flatMap(point ->
              Stream.of(FaultAction.values()).map(faultAction -> new Target(point, faultAction)))
          .toList();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 0xcafe})
  void one_strike_of_each_point_and_the_other_one_are_all_there_are(long seed) {
    // When
    List<Target> one = campaign(Campaign.ONE, seed, Campaign.WHOLE).targets();
    List<Target> other = campaign(Campaign.OTHER, seed, Campaign.WHOLE).targets();
    // Then
    assertThat(one).extracting(Target::point).containsExactlyElementsOf(Point.all());
    assertThat(one).extracting(Target::strike).contains(FaultAction.values());
    assertThat(Stream.concat(one.stream(), other.stream()))
        .containsExactlyInAnyOrderElementsOf(EVERY);
  }

  @Test
  void another_seed_strikes_differently_and_the_same_one_the_same() {
    // When
    var first = campaign(Campaign.ONE, 1, Campaign.WHOLE);
    var again = campaign(Campaign.ONE, 1, Campaign.WHOLE);
    var second = campaign(Campaign.ONE, 2, Campaign.WHOLE);
    // Then
    assertThat(again.rounds()).isEqualTo(first.rounds());
    assertThat(second.targets()).isNotEqualTo(first.targets());
  }

  @Test
  void shards_are_apart_and_together_they_are_all() {
    // When
    List<Target> struck =
        IntStream.rangeClosed(1, 3)
            .mapToObj(i -> campaign("KILL,STOP", 1, i + "/3").targets())
            .flatMap(List::stream)
            .toList();
    // Then
    assertThat(struck).containsExactlyInAnyOrderElementsOf(EVERY);
  }

  @Test
  void a_round_strikes_two_points_of_one_scenario_at_most() {
    // When
    List<Round> rounds = campaign("KILL,STOP", 1, Campaign.WHOLE).rounds();
    // Then
    assertThat(rounds.stream().flatMap(round -> round.targets().stream()))
        .containsExactlyInAnyOrderElementsOf(EVERY);
    assertThat(rounds)
        .allSatisfy(round -> {
          assertThat(round.targets()).hasSizeLessThanOrEqualTo(2);
          assertThat(round.targets()).extracting(Target::point).doesNotHaveDuplicates();
          assertThat(round.targets())
              .extracting(target -> target.point().scenario())
              .containsOnly(round.targets().getFirst().point().scenario());
        });
    assertThat(rounds).hasSizeLessThan(EVERY.size() * 3 / 4);
  }

  private static Campaign campaign(String strikes, long seed, String shard) {
    return new Campaign(Campaign.ALL, strikes, seed, shard);
  }
}
