package dev.arcticsynth.pipeline;

/// A 64-bit hash of a caller's id. Equal hashes are looked into, so a bad one costs time, never
/// truth.
final class IdHash {
  private IdHash() {}

  /// FNV-1a over UTF-16 units, then the finaliser of SplitMix64, since the ids of a task often
  /// differ in their last digits only.
  static long of(String id) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001B3L;
    }
    hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
    return hash ^ hash >>> 31;
  }
}
