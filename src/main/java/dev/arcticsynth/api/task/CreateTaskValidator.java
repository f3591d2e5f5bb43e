package dev.arcticsynth.api.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.arcticsynth.api.http.InvalidRequestException;
import dev.arcticsynth.api.http.TaskOwner;
import dev.arcticsynth.api.model.CreateTask;
import dev.arcticsynth.callback.InvalidCallbackException;
import dev.arcticsynth.callback.delivery.CallbackValidator;
import dev.arcticsynth.pipeline.ingest.RequestDefaults;
import dev.arcticsynth.pipeline.ingest.RequestUrls;
import dev.arcticsynth.provider.Provider;
import dev.arcticsynth.provider.Providers;
import dev.arcticsynth.task.NewTask;
import dev.arcticsynth.task.NewTask.NewCallback;
import dev.arcticsynth.task.Task;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Validates a new task and its callback, and fills in defaults.
@ApplicationScoped
class CreateTaskValidator {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final String MODEL =
      "A model is a name of 1 to 256 characters, none of them a control character.";
  private static final int DEFAULT_ATTEMPTS = 3;
  private static final int MAX_METADATA = 16;
  private static final int MAX_DEFAULTS = 64 * 1024;

  private final Providers providers;
  private final CallbackValidator callbackValidator;
  private final InstantSource clock;
  private final ObjectMapper json;

  CreateTaskValidator(
      Providers providers,
      CallbackValidator callbackValidator,
      InstantSource clock,
      ObjectMapper json) {
    this.providers = providers;
    this.callbackValidator = callbackValidator;
    this.clock = clock;
    this.json = json;
  }

  NewTask check(CreateTask createTask) {
    String name = Optional.ofNullable(createTask.name()).orElse("");
    if (!NAME.matcher(name).matches()) {
      throw new InvalidRequestException(
          "/name",
          "invalid_name",
          "A task's name has 1 to 128 letters, digits, '.', '_' or '-', and begins with a letter or"
              + " digit.");
    }
    Provider provider = provider(createTask.provider());
    return new NewTask(
        TaskOwner.NAME,
        name,
        provider.name(),
        model(createTask.model()),
        endpoint(createTask.endpoint(), provider),
        defaults(createTask.defaults()),
        positive(createTask.batchSize(), "/batch_size"),
        positive(createTask.maxFileBytes(), "/max_file_bytes"),
        createTask.auto() == null || createTask.auto(),
        requestAttempts(createTask.maxAttempts()),
        Deadline.of(createTask.deadline(), clock.instant()),
        metadata(createTask.metadata()),
        callback(createTask.callback()));
  }

  /// Defaults of requests from their task, and the urls that its provider accepts.
  RequestDefaults defaults(NewTask task) {
    return within(task.provider(), RequestDefaults.of(task));
  }

  RequestDefaults defaults(Task task, Optional<String> defaults) {
    return within(task.provider(), RequestDefaults.of(task, defaults));
  }

  private RequestDefaults within(String provider, RequestDefaults defaults) {
    return providers
        .find(provider)
        .map(known -> defaults.within(known.limits().endpoints()))
        .orElse(defaults);
  }

  private Provider provider(@Nullable String name) {
    var found = name == null ? providers.byDefault() : providers.find(name);
    return found.orElseThrow(() ->
        new InvalidRequestException(
            "/provider",
            "unknown_provider",
            (name == null
                    ? "Several providers are configured: name one."
                    : "There is no provider '%s'.".formatted(name))
                + " Configured: "
                + String.join(", ", providers.all().stream().map(Provider::name).toList())
                + "."));
  }

  private static Optional<String> model(@Nullable String model) {
    if (model != null && !isModel(model)) {
      throw new InvalidRequestException("/model", "invalid_model", MODEL);
    }
    return Optional.ofNullable(model);
  }

  private static boolean isModel(String model) {
    return !model.isBlank()
        && model.length() <= 256
        && model.chars().noneMatch(Character::isISOControl);
  }

  private Optional<NewCallback> callback(CreateTask.@Nullable Callback callback) {
    if (callback == null) {
      return Optional.empty();
    }
    if (callback.url() == null) {
      throw new InvalidRequestException("/callback/url", "missing_url", "A callback needs a url.");
    }
    var id = UUID.randomUUID();
    try {
      var accepted =
          callbackValidator.accept(id, callback.url(), Optional.ofNullable(callback.secret()));
      return Optional.of(
          new NewCallback(id, accepted.url(), accepted.host(), accepted.sealedSecret()));
    } catch (InvalidCallbackException refused) {
      throw new InvalidRequestException(
          "/callback/" + refused.member(), refused.code(), refused.detail());
    }
  }

  /// A default that would make every request invalid is refused at once.
  private Optional<String> defaults(@Nullable Map<String, JsonNode> defaults) {
    if (defaults == null || defaults.isEmpty()) {
      return Optional.empty();
    }
    JsonNode model = defaults.get("model");
    if (model != null && !(model.isTextual() && isModel(model.textValue()))) {
      throw new InvalidRequestException("/defaults/model", "invalid_model", MODEL);
    }
    JsonNode stream = defaults.get("stream");
    if (stream != null && stream.asBoolean()) {
      throw new InvalidRequestException(
          "/defaults/stream", "stream_not_possible", "A batch cannot stream.");
    }
    String text = write(defaults);
    if (text.getBytes(UTF_8).length > MAX_DEFAULTS) {
      throw new InvalidRequestException(
          "/defaults",
          "too_long",
          "defaults have at most %,d bytes as JSON. They are written into every request that leaves them out."
              .formatted(MAX_DEFAULTS));
    }
    return Optional.of(text);
  }

  private static String endpoint(@Nullable String endpoint, Provider provider) {
    String wanted = endpoint == null ? RequestUrls.CHAT : endpoint;
    return RequestUrls.canonical(wanted)
        .filter(url -> provider.limits().endpoints().contains(url))
        .orElseThrow(() ->
            new InvalidRequestException(
                "/endpoint",
                "unsupported_endpoint",
                "Provider '%s' takes %s."
                    .formatted(
                        provider.name(),
                        String.join(
                            ", ", provider.limits().endpoints().stream().sorted().toList()))));
  }

  private static int requestAttempts(@Nullable Integer attempts) {
    if (attempts != null && (attempts < 1 || attempts > 10)) {
      throw new InvalidRequestException(
          "/max_attempts", "out_of_range", "max_attempts is 1 to 10.");
    }
    return attempts == null ? DEFAULT_ATTEMPTS : attempts;
  }

  private static OptionalInt positive(@Nullable Integer number, String pointer) {
    if (number != null && number < 1) {
      throw new InvalidRequestException(
          pointer, "out_of_range", pointer.substring(1) + " is at least 1.");
    }
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  private static OptionalLong positive(@Nullable Long number, String pointer) {
    if (number != null && number < 1) {
      throw new InvalidRequestException(
          pointer, "out_of_range", pointer.substring(1) + " is at least 1.");
    }
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private String metadata(@Nullable Map<String, String> metadata) {
    if (metadata == null) {
      return "{}";
    }
    boolean tooMuch =
        metadata.size() > MAX_METADATA
            || metadata.entrySet().stream()
                .anyMatch(e ->
                    e.getKey().length() > 64
                        || e.getValue() == null
                        || e.getValue().length() > 512
                        || e.getKey().indexOf('\0') >= 0
                        || e.getValue().indexOf('\0') >= 0);
    if (tooMuch) {
      throw new InvalidRequestException(
          "/metadata",
          "out_of_range",
          "metadata has at most 16 strings, names up to 64 and values up to 512 characters, none"
              + " with NUL.");
    }
    return write(metadata);
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was read can be written", e);
    }
  }
}
