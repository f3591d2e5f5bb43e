package dev.arcticsynth.pipeline.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.arcticsynth.pipeline.lines.BatchLineWriter;
import dev.arcticsynth.pipeline.lines.CustomIds;
import dev.arcticsynth.pipeline.lines.StoredRequests;
import dev.arcticsynth.task.payload.RequestChunk;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The requests of a task by the ids that the caller gave, to recognise them in a file of another
/// client's. About 40 bytes of heap a request; the requests themselves are not held.
final class StoredIndex {

  static final int NONE = -1;

  private final Map<Group, Integer> groups = new LinkedHashMap<>();
  private final MessageDigest sha256 = sha256();
  private final long[] digests;
  private final int[] sizes;
  private final int[] group;
  private final long[] hashes;
  private final int[] seqs;

  StoredIndex(long requests) {
    int count = Math.toIntExact(requests);
    digests = new long[count];
    sizes = new int[count];
    group = new int[count];
    int slots = Integer.highestOneBit(Math.max(16, count)) * 4;
    hashes = new long[slots];
    seqs = new int[slots];
    Arrays.fill(seqs, NONE);
  }

  /// Requests that one batch can hold.
  record Group(String model, String endpoint) {}

  /// Adds the requests of a chunk.
  void add(RequestChunk chunk, byte[] raw) {
    int number =
        groups.computeIfAbsent(new Group(chunk.model(), chunk.endpoint()), _ -> groups.size());
    int overhead = BatchLineWriter.overhead(chunk.endpoint());
    var requests = new StoredRequests(raw);
    for (int line = 0; requests.next(); line++) {
      int seq = Math.toIntExact(chunk.seqs().at(line));
      group[seq] = number;
      sizes[seq] = requests.bodyLength() + overhead;
      byte[] id = requests.customId();
      if (id != null) {
        String text = CustomIds.text(id);
        digests[seq] = digest(text, requests.body());
        put(CustomIds.hash(text), seq);
      }
    }
  }

  /// The request that has this id; [#NONE] where none has.
  int find(String id) {
    long hash = CustomIds.hash(id);
    for (int slot = slot(hash); seqs[slot] != NONE; slot = slot + 1 & seqs.length - 1) {
      if (hashes[slot] == hash) {
        return seqs[slot];
      }
    }
    return NONE;
  }

  boolean isSame(int seq, String id, byte[] body) {
    return digests[seq] == digest(id, body);
  }

  int groupOf(int seq) {
    return group[seq];
  }

  Group group(int number) {
    return groups.keySet().stream().skip(number).findFirst().orElseThrow();
  }

  int bytes(int seq) {
    return sizes[seq];
  }

  /// How many requests of a group are between two numbers, both included.
  int count(int number, int first, int last) {
    int count = 0;
    for (int seq = first; seq <= last; seq++) {
      count += group[seq] == number ? 1 : 0;
    }
    return count;
  }

  private void put(long hash, int seq) {
    int slot = slot(hash);
    while (seqs[slot] != NONE) {
      slot = slot + 1 & seqs.length - 1;
    }
    hashes[slot] = hash;
    seqs[slot] = seq;
  }

  private int slot(long hash) {
    return (int) (hash ^ hash >>> 32) & seqs.length - 1;
  }

  private long digest(String id, byte[] body) {
    sha256.update(id.getBytes(UTF_8));
    sha256.update((byte) 0);
    return ByteBuffer.wrap(sha256.digest(body)).getLong();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
