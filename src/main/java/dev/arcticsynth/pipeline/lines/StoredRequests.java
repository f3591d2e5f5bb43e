package dev.arcticsynth.pipeline.lines;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

/// The lines of a request chunk: `{"custom_id":…,"body":{…}}`, or `{"body":{…}}` where the caller
/// gave no id. Ingest alone writes them, so reading needs no JSON parser: id and body lie between
/// fixed bytes.
///
/// A cursor over one chunk; not for several threads.
public final class StoredRequests {

  private static final byte[] WITH_ID = "{\"custom_id\":".getBytes(US_ASCII);
  private static final byte[] BODY_AFTER_ID = ",\"body\":".getBytes(US_ASCII);
  private static final byte[] ONLY_BODY = "{\"body\":".getBytes(US_ASCII);
  private static final byte[] END = "}\n".getBytes(US_ASCII);

  private final byte[] raw;
  private int next;
  private int idFrom;
  private int idTo;
  private int bodyFrom;
  private int bodyTo;

  public StoredRequests(byte[] raw) {
    this.raw = raw;
  }

  /// What stands before a body.
  public static void begin(GrowableBytes out, byte[] from, int idFrom, int idTo) {
    if (idTo > idFrom) {
      out.write(WITH_ID);
      out.write(from, idFrom, idTo - idFrom);
      out.write(BODY_AFTER_ID);
    } else {
      out.write(ONLY_BODY);
    }
  }

  public static void end(GrowableBytes out) {
    out.write(END);
  }

  /// Moves to the next line; false behind the last one.
  public boolean next() {
    if (next >= raw.length) {
      return false;
    }
    int end = ByteScanner.newline(raw, next, raw.length);
    if (raw[next + 2] == 'c') {
      idFrom = next + WITH_ID.length;
      idTo = endOfString(idFrom);
      bodyFrom = idTo + BODY_AFTER_ID.length;
    } else {
      idFrom = idTo = 0;
      bodyFrom = next + ONLY_BODY.length;
    }
    bodyTo = end - 1;
    next = end + 1;
    return true;
  }

  /// The caller's id as a JSON string, quotes included; null when the caller gave none.
  public byte @Nullable [] customId() {
    return idTo == idFrom ? null : java.util.Arrays.copyOfRange(raw, idFrom, idTo);
  }

  public int bodyLength() {
    return bodyTo - bodyFrom;
  }

  void writeBody(GrowableBytes out) {
    out.write(raw, bodyFrom, bodyTo - bodyFrom);
  }

  public byte[] body() {
    return java.util.Arrays.copyOfRange(raw, bodyFrom, bodyTo);
  }

  private int endOfString(int openingQuote) {
    int at = openingQuote + 1;
    while (raw[at] != '"') {
      at += raw[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }
}
