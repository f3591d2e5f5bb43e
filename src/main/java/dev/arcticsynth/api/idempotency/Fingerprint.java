package dev.arcticsynth.api.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/// A hash of a call: its path, its query and its JSON in canonical order, and its lines byte for
/// byte. Calls with the same hash are the same call.
public final class Fingerprint {

  private static final ObjectMapper SORTED =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private final MessageDigest control = sha256();
  private final MessageDigest lines = sha256();

  public Fingerprint(HttpServerRequest request) {
    add(request.path());
    // As it was sent: undecodable text is not an error here.
    String query = request.query() == null ? "" : request.query();
    Stream.of(query.split("&")).sorted().forEach(this::add);
  }

  /// The order of members and white space mean nothing.
  public void add(JsonNode json) {
    try {
      add(SORTED.writeValueAsString(SORTED.treeToValue(json, Object.class)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was read can be written", e);
    }
  }

  void add(Buffer buffer) {
    lines.update(buffer.getBytes());
  }

  /// All lines were added.
  String hex() {
    control.update(lines.digest());
    return HexFormat.of().formatHex(control.digest());
  }

  // With its length, so that no two fields can be taken for one.
  private void add(String field) {
    byte[] bytes = field.getBytes(UTF_8);
    control.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    control.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
