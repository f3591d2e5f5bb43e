package dev.arcticsynth.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Visits every world that can come about, those of few moves first, until one has two batches that
/// cost money. The way there is then the shortest.
final class Search {

  /// How far it goes.
  record Bounds(int workers, int claims, int crashes, int failOvers, int worlds) {}

  /// @param isAnswered a world was seen in which the protocol reached its aim
  /// @param isWhole every world within the bounds was seen
  /// @param billedTwice the shortest way to it, a line a move
  record Found(
      int worlds, boolean isAnswered, boolean isWhole, Optional<List<String>> billedTwice) {}

  private final Protocol protocol;
  private final Bounds bounds;

  /// Worlds in the order in which they were found.
  private long[] worlds = new long[Bits.WORDS << 12];

  private int[] parents = new int[1 << 12];
  private int count;

  /// Their numbers plus 1, by hash.
  private int[] slots = new int[1 << 13];

  private final long[] packed = new long[Bits.WORDS];
  private boolean isAnswered;
  private int violation = -1;

  private Search(Protocol protocol, Bounds bounds) {
    this.protocol = protocol;
    this.bounds = bounds;
  }

  static Found of(Protocol protocol, Bounds bounds) {
    return new Search(protocol, bounds).run();
  }

  private Found run() {
    add(first(), -1);
    int next = 0;
    for (; next < count && count < bounds.worlds() && violation < 0; next++) {
      int parent = next;
      moves(world(parent), (worker, what, world) -> add(world, parent));
    }
    return new Found(
        count,
        isAnswered,
        next == count,
        violation < 0 ? Optional.empty() : Optional.of(story(violation)));
  }

  private World first() {
    int failOvers = protocol.has(Trouble.TAIL_LOSS) ? bounds.failOvers() : 0;
    return new World(bounds.workers(), bounds.crashes(), failOvers);
  }

  private void moves(World world, MoveListener listener) {
    boolean hasClaimed = false;
    for (int n = 0; n < world.workers.length; n++) {
      var moves = new WorkerMoves(protocol, world, n, listener);
      if (world.workers[n].next != Worker.Next.NOTHING) {
        moves.step();
        moves.crash();
      } else if (!hasClaimed) {
        // Idle workers are alike.
        hasClaimed = true;
        moves.claim(bounds.claims());
      }
    }
    new WorldMoves(protocol, world, listener).all();
  }

  private World world(int number) {
    return World.unpack(bounds.workers(), worlds, number * Bits.WORDS);
  }

  private void add(World world, int parent) {
    world.pack(packed);
    if ((count + 1) * 2 > slots.length) {
      grow();
    }
    int slot = slot(packed, 0);
    if (slots[slot] != 0) {
      return;
    }
    System.arraycopy(packed, 0, worlds, count * Bits.WORDS, Bits.WORDS);
    parents[count] = parent;
    slots[slot] = ++count;
    isAnswered |= world.isAnswered();
    if (violation < 0 && world.billed() > 1) {
      violation = count - 1;
    }
  }

  private void grow() {
    worlds = Arrays.copyOf(worlds, worlds.length * 2);
    parents = Arrays.copyOf(parents, parents.length * 2);
    slots = new int[slots.length * 2];
    for (int number = 0; number < count; number++) {
      slots[slot(worlds, number * Bits.WORDS)] = number + 1;
    }
  }

  /// Where these words are, or belong.
  private int slot(long[] words, int base) {
    long hash = 0;
    for (int n = 0; n < Bits.WORDS; n++) {
      hash = (hash ^ words[base + n]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    int slot = (int) hash & slots.length - 1;
    while (slots[slot] != 0
        && !Arrays.equals(
            words,
            base,
            base + Bits.WORDS,
            worlds,
            (slots[slot] - 1) * Bits.WORDS,
            slots[slot] * Bits.WORDS)) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }

  /// Goes the way again, to collect the moves' names.
  private List<String> story(int last) {
    var story = new ArrayList<String>();
    for (int number = last; parents[number] >= 0; number = parents[number]) {
      story.add(described(parents[number], number));
    }
    Collections.reverse(story);
    return story;
  }

  private String described(int parent, int number) {
    var described = new @Nullable String[1];
    long[] wanted = Arrays.copyOfRange(worlds, number * Bits.WORDS, (number + 1) * Bits.WORDS);
    moves(
        world(parent),
        (worker, what, world) -> {
          world.pack(packed);
          if (described[0] == null && Arrays.equals(packed, wanted)) {
            described[0] =
                "%-9s %-62s | %s"
                    .formatted(
                        worker == MoveListener.OUTSIDE ? "" : "worker " + (worker + 1),
                        what,
                        world);
          }
        });
    return String.valueOf(described[0]);
  }
}
