package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.UUID;

/// Our names for requests on a provider's wire: partition, sequence number and a check, in hex.
///
/// Always [#LENGTH] characters of `[0-9a-f-]`, well under the 64 that the strictest provider
/// allows, so that the size of a file is known before it is written. The check depends on the
/// partition's id: an answer that strayed in from another batch, or whose id was garbled, is not
/// taken for ours.
public final class WireId implements RequestIds {

  public static final int LENGTH = 8 + 1 + 8 + 1 + 8;

  private final UUID partitionId;
  private final int ordinal;

  public WireId(UUID partitionId, int ordinal) {
    this.partitionId = partitionId;
    this.ordinal = ordinal;
  }

  public void write(GrowableBytes out, long seq) {
    hex(out, ordinal);
    out.write('-');
    hex(out, (int) seq);
    out.write('-');
    hex(out, check(seq));
  }

  /// The sequence number in an id; empty when the id is none of this partition's.
  @Override
  public OptionalLong read(String id) {
    if (id.length() != LENGTH || id.charAt(8) != '-' || id.charAt(17) != '-') {
      return OptionalLong.empty();
    }
    try {
      long seq = HexFormat.fromHexDigitsToLong(id, 9, 17);
      boolean ours =
          HexFormat.fromHexDigits(id, 0, 8) == ordinal
              && HexFormat.fromHexDigits(id, 18, LENGTH) == check(seq);
      return ours ? OptionalLong.of(seq) : OptionalLong.empty();
    } catch (IllegalArgumentException notHex) {
      return OptionalLong.empty();
    }
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over id and number.
  private int check(long seq) {
    long z =
        partitionId.getMostSignificantBits()
            ^ Long.rotateLeft(partitionId.getLeastSignificantBits(), 32)
            ^ seq * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return (int) (z ^ z >>> 31);
  }

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(US_ASCII);

  private static void hex(GrowableBytes out, int number) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      out.write(DIGITS[number >>> shift & 0xF]);
    }
  }
}
