package dev.arcticsynth.provider.simulator.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.arcticsynth.provider.simulator.fault.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

/// How the simulator's own small documents are read and written.
public final class StateJson {
  public static final JsonMapper MAPPER = mapper();

  private StateJson() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a client sent; anything but an object is its mistake.
  public static JsonNode parse(byte[] body) {
    try {
      JsonNode parsed = MAPPER.readTree(body);
      if (parsed.isObject() || parsed.isArray()) {
        return parsed;
      }
    } catch (IOException _) {
      // Told below, as for JSON that is no object.
    }
    throw ApiError.of(400, "We could not parse the JSON body of your request.", null);
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
        .registerSubtypes(faults(Fault.class).toArray(NamedType[]::new))
        .build();
  }

  private static Stream<NamedType> faults(Class<?> type) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    return permitted == null
        ? Stream.of(new NamedType(type, nameOf(type)))
        : Stream.of(permitted).flatMap(StateJson::faults);
  }

  private static String nameOf(Class<?> fault) {
    return ((SnakeCaseStrategy) PropertyNamingStrategies.SNAKE_CASE)
        .translate(fault.getSimpleName());
  }
}
