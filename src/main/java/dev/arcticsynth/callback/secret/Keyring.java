package dev.arcticsynth.callback.secret;

import dev.arcticsynth.callback.CallbackConfig;
import dev.arcticsynth.callback.InvalidCallbackException;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The configured secrets and keys. Created at start, so that a wrong setting is reported then.
@Startup
@ApplicationScoped
public class Keyring {

  static final int MOST = 3;

  private final List<Secret> shared;
  private final Optional<SecretCipher> sealing;

  Keyring(CallbackConfig config) {
    this.shared = config.secrets().orElse(List.of()).stream().map(Keyring::shared).toList();
    if (shared.size() > MOST) {
      throw new IllegalArgumentException(
          "arctic.callback.secrets: %d secrets; there may be %d, the current one first."
              .formatted(shared.size(), MOST));
    }
    this.sealing =
        config
            .key()
            .map(text -> key("arctic.callback.key", text))
            .or(() -> config.keyFile().map(Keyring::read))
            .map(SecretCipher::new);
  }

  /// Signs callbacks of tasks without a secret of their own; the current one first.
  public List<Secret> shared() {
    return shared;
  }

  /// A caller's secret as the database keeps it. Fails with [InvalidCallbackException], always
  /// where no key is configured: then no task can have a secret of its own.
  public byte[] seal(UUID taskId, String secret) {
    var parsed =
        Secret.parse(secret)
            .orElseThrow(() -> InvalidCallbackException.secret("invalid_secret", Secret.SHAPE));
    return sealing
        .orElseThrow(() ->
            InvalidCallbackException.secret(
                "no_callback_key",
                "A secret cannot be kept without a key: an operator sets arctic.callback.key or"
                    + " arctic.callback.key-file. Without a secret the deployment's would sign."))
        .seal(taskId, parsed);
  }

  /// Fails with [UnreadableSecretException].
  Secret open(UUID taskId, byte[] sealed) {
    return sealing
        .orElseThrow(
            () -> new UnreadableSecretException(taskId, "arctic.callback.key is not set", null))
        .open(taskId, sealed);
  }

  private static Secret shared(String text) {
    return Secret.parse(text)
        .orElseThrow(() ->
            new IllegalArgumentException("arctic.callback.secrets holds none. " + Secret.SHAPE));
  }

  private static byte[] read(Path file) {
    try {
      return key("arctic.callback.key-file " + file, Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "arctic.callback.key-file %s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static byte[] key(String where, String base64) {
    try {
      byte[] key = Base64.getDecoder().decode(base64.strip());
      if (key.length == SecretCipher.KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException none) {
      // Its message would quote the key.
    }
    throw new IllegalArgumentException(
        where + ": a key is the base64 of 32 random bytes, as `openssl rand -base64 32` makes it.");
  }
}
