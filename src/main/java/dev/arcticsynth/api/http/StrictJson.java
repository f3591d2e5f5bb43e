package dev.arcticsynth.api.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.List;

/// Reads a body as it was written, or not at all: an unknown member, one that occurs twice, or a
/// number where a text belongs is a mistake, and a guess might be the wrong one.
public final class StrictJson {

  private static final List<CoercionInputShape> SCALARS =
      List.of(
          CoercionInputShape.EmptyString,
          CoercionInputShape.String,
          CoercionInputShape.Integer,
          CoercionInputShape.Float,
          CoercionInputShape.Boolean);

  private StrictJson() {}

  public static ObjectMapper of(ObjectMapper json) {
    ObjectMapper strict =
        json.copy()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    only(strict, LogicalType.Textual, CoercionInputShape.EmptyString, CoercionInputShape.String);
    only(strict, LogicalType.Integer, CoercionInputShape.Integer);
    only(strict, LogicalType.Boolean, CoercionInputShape.Boolean);
    return strict;
  }

  private static void only(ObjectMapper json, LogicalType type, CoercionInputShape... taken) {
    SCALARS.stream()
        .filter(shape -> !List.of(taken).contains(shape))
        .forEach(shape -> {
          var unused = json.coercionConfigFor(type).setCoercion(shape, CoercionAction.Fail);
        });
  }
}
